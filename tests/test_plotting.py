import math
import types

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import seaborn as sns
from matplotlib.colors import to_hex, to_rgb

from nnbook_utils import _style, plotting

NAN = float("nan")

# Machado, Oliveira and Fernandes (2009): full protanopia, deuteranopia and tritanopia, linear RGB
COLOUR_BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.fixture(autouse=True)
def _style_in_force():
    with mpl.rc_context():
        plotting.use_style()
        yield
        plt.close("all")


def linear(color):
    values = np.array(to_rgb(color))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(color, kind):
    seen = np.clip(np.asarray(COLOUR_BLINDNESS[kind]) @ linear(color), 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.asarray(to_xyz) @ seen / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def rendered(ax):
    """Draw the figure; returns its pixels, so that errors which only drawing shows appear."""
    figure = ax.figure
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


# Style


def test_style_is_opaque_paper_of_known_size():
    figure, ax = plt.subplots()
    ax.plot([0, 1])
    pixels = rendered(ax)
    assert pixels.shape == (440, 792, 4)
    assert (pixels[..., 3] == 255).all()
    assert to_hex(pixels[0, 0] / 255) == plotting.COLORS["paper"]
    assert to_hex(figure.get_facecolor()) == to_hex(ax.get_facecolor()) == "#fbf8f1"


def test_seaborn_follows_the_style():
    assert [to_hex(color) for color in sns.color_palette()] == list(_style.CYCLE)


@pytest.mark.parametrize("name", [name for name in plotting.COLORS if name != "paper"])
def test_lines_stand_out_from_paper(name):
    assert contrast(plotting.COLORS[name], plotting.COLORS["paper"]) >= 3.5


@pytest.mark.parametrize("kind", COLOUR_BLINDNESS)
@pytest.mark.parametrize(
    "together",
    [
        ("training", "validation", "test", "baseline"),
        ("real", "generated"),
        ("input gate", "forget gate", "output gate", "candidate"),
        ("update gate", "reset gate", "candidate"),
        ("baseline", "listing", "published"),
        ("training", "validation", "test", "baseline", "listing"),
    ],
)
def test_colours_drawn_together_stay_apart(kind, together):
    colors = [lab(plotting.COLORS[name], kind) for name in together]
    pairs = [(a, b) for i, a in enumerate(colors) for b in colors[:i]]
    assert min(np.linalg.norm(a - b) for a, b in pairs) > 12


def test_colours_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        plotting.COLORS["training"] = "red"


# History


def test_history_of_a_dictionary():
    ax = plotting.plot_history({"loss": [1, 0.5, 0.25], "val_loss": [1, 0.75, 0.5]})
    training, validation = ax.get_lines()
    np.testing.assert_array_equal(training.get_xydata(), [[1, 1], [2, 0.5], [3, 0.25]])
    np.testing.assert_array_equal(validation.get_ydata(), [1, 0.75, 0.5])
    assert to_hex(training.get_color()) == plotting.COLORS["training"]
    assert to_hex(validation.get_color()) == plotting.COLORS["validation"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Epoch", "Loss")
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    rendered(ax)


def test_history_as_fit_returns_it_and_without_validation():
    history = types.SimpleNamespace(history={"binary_accuracy": [0.5], "loss": [1.0]})
    ax = plotting.plot_history(history, metric="binary_accuracy")
    assert len(ax.get_lines()) == 1
    assert ax.get_ylabel() == "Binary accuracy"
    rendered(ax)


def test_history_draws_on_the_axes_given_and_leaves_gaps_at_nan():
    _, ax = plt.subplots()
    assert plotting.plot_history({"loss": [1.0, NAN, 0.5]}, ax=ax) is ax
    assert math.isnan(ax.get_lines()[0].get_ydata()[1])
    assert len(plt.get_fignums()) == 1


def test_history_marks_epochs_only_where_they_are_few():
    few, many = ({"loss": np.linspace(1, 0.5, n)} for n in (20, 21))
    assert plotting.plot_history(few).get_lines()[0].get_marker() == "o"
    assert plotting.plot_history(many).get_lines()[0].get_marker() == ""


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ({"accuracy": [1], "val_accuracy": [1]}, "no metric 'loss'; it has accuracy$"),
        ({}, "no metric 'loss'; it has none"),
        ({"loss": []}, r"loss must hold one number per epoch, got shape \(0,\)"),
        ({"loss": [[1, 2]]}, r"one number per epoch, got shape \(1, 2\)"),
        ({"loss": [NAN, NAN]}, "loss is NaN or infinite in every epoch: training diverged"),
        ({"loss": [1], "val_loss": [NAN]}, "val_loss is NaN or infinite in every epoch"),
    ],
)
def test_history_errors(history, message):
    with pytest.raises(ValueError, match=message):
        plotting.plot_history(history)


def test_history_of_a_wrong_type():
    with pytest.raises(TypeError, match=r"what model\.fit returns, or its dictionary, got list"):
        plotting.plot_history([1, 2])


# Boundaries


def test_grid_covers_the_data_with_a_margin():
    grid = plotting.boundary_grid([[0, 10], [4, 30], [2, 20]], n=5, margin=0.5)
    assert grid.shape == (25, 2)
    assert grid.dtype == np.float32
    np.testing.assert_array_equal(grid.min(axis=0), [-2, 0])
    np.testing.assert_array_equal(grid.max(axis=0), [6, 40])
    np.testing.assert_array_equal(grid[:5, 0], [-2, 0, 2, 4, 6])
    np.testing.assert_array_equal(grid[::5, 1], [0, 10, 20, 30, 40])


def test_grid_of_the_documented_size_and_around_a_single_point():
    assert plotting.boundary_grid([[0, 0], [1, 1]]).shape == (150 * 150, 2)
    lonely = plotting.boundary_grid([[3, 4]], n=2)
    np.testing.assert_allclose(lonely[[0, -1]], [[2.9, 3.9], [3.1, 4.1]], rtol=1e-6)


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        ([], {}, "points is empty"),
        ([1, 2], {}, r"points must have shape \(n_points, 2\), x and y, got \(2,\)"),
        ([[1, 2, 3]], {}, r"got \(1, 3\)"),
        ([[1, NAN]], {}, "points holds NaN or infinite"),
        ([["a", "b"]], {}, "points must be numbers, got dtype"),
        ([[1, 2]], {"n": 1}, "n must be at least 2 grid points per side, got 1"),
        ([[1, 2]], {"margin": -0.1}, "margin must be 0 or more"),
        ([[1, 2]], {"margin": NAN}, "margin must be 0 or more"),
    ],
)
def test_grid_errors(points, options, message):
    with pytest.raises(ValueError, match=message):
        plotting.boundary_grid(points, **options)


POINTS = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
GRID = plotting.boundary_grid(POINTS, n=40)
PROBABILITIES = GRID[:, 0].clip(0, 1)


def test_boundary_of_probabilities():
    ax = plotting.plot_boundary(GRID, PROBABILITIES[:, None], POINTS, [0, 1, 0])
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["class 0", "class 1"]
    scatters = [c for c in ax.collections if isinstance(c, mpl.collections.PathCollection)]
    np.testing.assert_array_equal(scatters[0].get_offsets(), POINTS[[0, 2]])
    assert to_hex(scatters[1].get_facecolor()[0]) == _style.CYCLE[1]
    assert ax.get_aspect() == 1
    pixels = rendered(ax)

    def color_at(x, y):
        column, row = ax.transData.transform((x, y))
        return pixels[pixels.shape[0] - int(row), int(column), :3].astype(int)

    left, middle, right = (color_at(x, 0.5) for x in (-0.05, 0.5, 1.05))
    assert left[2] > left[0], "class 0 is blue"
    assert right[0] > right[2], "class 1 is orange"
    assert middle.max() < 100, "the line at 0.5 is dark"


def test_boundary_of_a_classifier_that_never_changes_its_mind():
    ax = plotting.plot_boundary(GRID, np.full(len(GRID), 0.2), POINTS, [0, 1, 0])
    rendered(ax)


def test_boundary_of_many_classes():
    points = np.random.default_rng(0).normal(size=(24, 2))
    grid = plotting.boundary_grid(points, n=30)
    classes = (np.arange(900) // 75).reshape(900, 1)
    ax = plotting.plot_boundary(grid, classes, points, np.arange(24)[:, None] % 12)
    assert len(ax.get_legend().get_texts()) == 12
    rendered(ax)


def test_boundary_in_a_panel_leaves_the_legend_to_the_caller():
    _, axes = plt.subplots(1, 2)
    assert plotting.plot_boundary(GRID, PROBABILITIES, POINTS, [0, 1, 1], ax=axes[1]) is axes[1]
    assert axes[1].get_legend() is None
    assert len(axes[1].get_legend_handles_labels()[1]) == 2


@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        (PROBABILITIES[:5], [0, 1, 0], r"scores must have shape \(1600,\), one per grid point"),
        (np.ones((1600, 3)), [0, 1, 0], "for several classes take the argmax first"),
        (PROBABILITIES * 4 - 2, [0, 1, 0], "from 0 to 1, got -2 to 2; apply a sigmoid"),
        (PROBABILITIES + 0.1, [0, 1, 0], "apply a sigmoid to logits"),
        (PROBABILITIES * NAN, [0, 1, 0], "scores holds NaN"),
        (np.full(1600, -1), [0, 1, 0], "scores must be whole numbers from 0"),
        (PROBABILITIES, [0, 1], "expected 3 labels, one per row, got 2"),
        (PROBABILITIES, [], "labels is empty"),
        (PROBABILITIES, [0, 1, -1], "labels must be whole numbers from 0"),
        (PROBABILITIES, [0, 1, 0.5], "labels must be whole numbers from 0"),
        (PROBABILITIES, ["a", "b", "c"], "labels must be whole numbers from 0"),
        (PROBABILITIES, np.eye(3), "take the argmax over the last axis"),
    ],
)
def test_boundary_errors(scores, labels, message):
    with pytest.raises(ValueError, match=message):
        plotting.plot_boundary(GRID, scores, POINTS, labels)


def test_boundary_wants_a_square_grid():
    with pytest.raises(ValueError, match=r"grid must hold n \* n points, got 1599"):
        plotting.plot_boundary(GRID[1:], PROBABILITIES[1:], POINTS, [0, 1, 0])


# Images


def test_images_in_rows():
    images = np.arange(10 * 4 * 4).reshape(10, 4, 4)
    axes = plotting.show_images(images, titles=[str(n) for n in range(10)], n_columns=4)
    assert axes.shape == (3, 4)
    shown = [ax.get_images()[0].get_array() for ax in axes.flat if ax.get_images()]
    assert len(shown) == 10
    assert shown[0].min() == 0
    assert shown[-1].max() == 1
    np.testing.assert_allclose(shown[3], images[3] / 159)
    assert axes[2, 1].get_title() == "9"
    assert not any(ax.axison for ax in axes.flat)
    assert axes[0, 0].figure.get_figwidth() == pytest.approx(7.2)
    rendered(axes[0, 0])


def test_images_of_a_given_range_are_clipped():
    axes = plotting.show_images(np.array([[[-1.0, 0.5], [1.0, 2.0]]]), value_range=(0, 1))
    np.testing.assert_array_equal(axes[0, 0].get_images()[0].get_array(), [[0, 0.5], [1, 1]])


@pytest.mark.parametrize(("shape", "shown"), [((2, 5, 6, 3), (5, 6, 3)), ((2, 5, 6, 1), (5, 6))])
def test_images_in_colour_and_with_a_channel(shape, shown):
    axes = plotting.show_images(np.random.default_rng(0).random(shape))
    assert axes[0, 1].get_images()[0].get_array().shape == shown
    rendered(axes[0, 0])


def test_images_without_contrast_are_grey():
    axes = plotting.show_images(np.full((1, 2, 2), 7.0))
    np.testing.assert_array_equal(axes[0, 0].get_images()[0].get_array(), np.full((2, 2), 0.5))


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (np.zeros((0, 4, 4)), {}, "images is empty"),
        (np.zeros((4, 4)), {}, r"images must be several; for one of shape \(4, 4\)"),
        (np.zeros((2, 4, 4, 2)), {}, r"\(n, height, width, 1 or 3\), got \(2, 4, 4, 2\)"),
        (np.zeros(3), {}, r"images must have shape \(n, height, width\)"),
        (np.full((1, 2, 2), NAN), {}, "images holds NaN"),
        (np.zeros((2, 4, 4)), {"titles": ["one"]}, "2 images need as many titles, got 1"),
        (np.zeros((2, 4, 4)), {"value_range": (1, 0)}, r"black < white, got \(1, 0\)"),
        (np.zeros((2, 4, 4)), {"value_range": (0, NAN)}, "with black < white"),
        (np.zeros((2, 4, 4)), {"n_columns": 0}, "n_columns must be at least 1, got 0"),
    ],
)
def test_image_errors(images, options, message):
    with pytest.raises(ValueError, match=message):
        plotting.show_images(images, **options)


# Confusion


def test_confusion_counts_by_hand():
    labels, predictions = [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2]
    ax = plotting.plot_confusion(labels, predictions, ["cat", "dog", "owl", "never"])
    texts = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert texts == {
        (0, 0): "2", (0, 1): "1", (1, 0): "1", (1, 1): "1", (2, 2): "1", (3, 3): "0",
    }  # fmt: skip
    shares = ax.get_images()[0].get_array()
    np.testing.assert_allclose(shares[0], [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(shares[3], 0)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["cat", "dog", "owl", "never"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Predicted", "True")
    rendered(ax)


@pytest.mark.parametrize("n_right", range(51))
def test_confusion_text_reads_on_every_shade(n_right):
    ax = plotting.plot_confusion([0] * 50, [0] * n_right + [1] * (50 - n_right))
    for text in ax.texts[:2]:
        column, row = text.get_position()
        image = ax.get_images()[0]
        shade = image.cmap(image.norm(image.get_array()[row, column]))
        assert contrast(text.get_color(), shade) >= 3.7


def test_confusion_takes_columns_booleans_and_axes():
    _, ax = plt.subplots()
    assert plotting.plot_confusion([[True], [False]], np.array([1.0, 0.0]), ax=ax) is ax
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0", "1"]


@pytest.mark.parametrize(
    ("labels", "predictions", "names", "message"),
    [
        ([], [], None, "labels is empty"),
        ([0, 1], [0], None, "expected 2 predictions, one per row, got 1"),
        ([0, 1], [[0.1, 0.9], [0.8, 0.2]], None, "predictions must be class numbers .* argmax"),
        ([0, 1], [0.2, 0.9], None, "predictions must be whole numbers from 0"),
        ([0, 2], [0, 1], ["a", "b"], "there are 3 classes, but class_names has 2"),
        ([0, NAN], [0, 1], None, "labels must be whole numbers from 0"),
    ],
)
def test_confusion_errors(labels, predictions, names, message):
    with pytest.raises(ValueError, match=message):
        plotting.plot_confusion(labels, predictions, names)


def test_nothing_is_shown(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("plt.show was called"))
    plotting.plot_history({"loss": [1]})
    plotting.plot_boundary(GRID, PROBABILITIES, POINTS, [0, 1, 0])
    plotting.show_images(np.zeros((1, 2, 2)))
    plotting.plot_confusion([0], [0])
