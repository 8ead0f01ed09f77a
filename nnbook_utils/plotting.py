"""The book's figures: one style, one colour language, arrays in and Axes out.

No function here calls a model or `plt.show()`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike, NDArray

from nnbook_utils._arrays import (
    checked_curve,
    checked_images,
    checked_labels,
    checked_points,
    checked_scores,
)
from nnbook_utils._style import (
    COLORS,
    INK,
    MARKERS,
    PAPER,
    PROBABILITIES,
    SEQUENTIAL,
    STYLE,
    class_color,
    tint,
)

__all__ = [
    "COLORS",
    "boundary_grid",
    "plot_boundary",
    "plot_confusion",
    "plot_history",
    "show_images",
    "use_style",
]


def use_style() -> None:
    """Set the book's style for every figure that follows; `begin` calls it.

    Figures are opaque, warm white with dark text, so that they read on light and dark pages, 7.2
    by 4 inches at 110 dots per inch. The colours stay apart for colour-blind readers.

    Example:
        >>> use_style()
        >>> plt.rcParams["figure.facecolor"]
        '#fbf8f1'
    """
    mpl.rcParams.update(STYLE)


def plot_history(history: Any, metric: str = "loss", ax: Axes | None = None) -> Axes:
    """Draw a metric per epoch, on training and, where there is one, validation data.

    Args:
        history: What `fit` returns, or its dictionary metric -> one number per epoch.
        metric: Name without the `val_` prefix.
        ax: Axes to draw on; a new figure if left out.

    Returns:
        The Axes.

    Raises:
        TypeError: If `history` is neither.
        ValueError: If the metric is unknown, has no epochs or is NaN in every epoch.

    Example:
        >>> ax = plot_history({"loss": [1.0, 0.6], "val_loss": [1.1, 0.8]})
        >>> ax.get_xlabel()
        'Epoch'
    """
    curves = getattr(history, "history", history)
    if not isinstance(curves, Mapping):
        raise TypeError(
            f"expected what model.fit returns, or its dictionary, got {type(history).__name__}"
        )
    if metric not in curves:
        known = [name for name in curves if not name.startswith("val_")]
        raise ValueError(
            f"the history has no metric {metric!r}; it has {', '.join(known) or 'none'}"
        )
    ax = _axes(ax)
    for key, part in ((metric, "training"), (f"val_{metric}", "validation")):
        if key in curves:
            values = checked_curve(key, curves[key])
            marker = "o" if len(values) <= 20 else ""
            style = "-" if part == "training" else "--"
            epochs = np.arange(1, len(values) + 1)
            ax.plot(epochs, values, style, marker=marker, color=COLORS[part], label=part)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="Epoch", ylabel=metric.replace("_", " ").capitalize())
    ax.legend()
    return ax


def boundary_grid(points: ArrayLike, n: int = 150, margin: float = 0.1) -> NDArray[np.float32]:
    """Return a square grid of points that covers the data, to be scored by a classifier.

    Args:
        points: Data, float array (n_points, 2), columns x and y.
        n: Grid points per side, at least 2.
        margin: How far the grid reaches beyond the data, as a share of the data's extent, >= 0.

    Returns:
        float32 array (n * n, 2), row by row from the lowest y, x growing fastest.

    Raises:
        ValueError: If `points` is empty, of another shape or not finite, `n` < 2 or `margin` < 0.

    Example:
        >>> boundary_grid([[0, 0], [1, 2]], n=2, margin=0).tolist()
        [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]]
    """
    points = checked_points(points)
    if n < 2:
        raise ValueError(f"n must be at least 2 grid points per side, got {n}")
    if not margin >= 0:
        raise ValueError(f"margin must be 0 or more, a share of the data's extent, got {margin}")
    lowest, highest = points.min(axis=0), points.max(axis=0)
    extent = np.where(highest > lowest, highest - lowest, 1.0)
    low, high = lowest - margin * extent, highest + margin * extent
    x, y = np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def plot_boundary(
    grid: ArrayLike,
    scores: ArrayLike,
    points: ArrayLike,
    labels: ArrayLike,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a classifier says of every place, and the data on top.

    Args:
        grid: What `boundary_grid` returned, float array (n * n, 2).
        scores: Either probabilities of class 1, float array (n * n,) or (n * n, 1) in [0, 1],
            drawn in shades with the line at 0.5; or class numbers, integer array (n * n,).
        points: Data, float array (n_points, 2).
        labels: Class numbers of the data, integers from 0, array (n_points,).
        ax: Axes to draw on; a new figure, with a legend beside it, if left out. In a panel of
            your own call `ax.legend()` where there is room.

    Returns:
        The Axes, x and y to the same scale.

    Raises:
        ValueError: If shapes do not fit, something is empty or not finite, or probabilities leave
            [0, 1] (logits need a sigmoid first).

    Example:
        >>> points = np.array([[0.0, 0.0], [1.0, 1.0]])
        >>> grid = boundary_grid(points)
        >>> ax = plot_boundary(grid, grid[:, 0].clip(0, 1), points, [0, 1])
    """
    grid, points = checked_points(grid, "grid"), checked_points(points)
    labels, scores = checked_labels(labels, len(points)), checked_scores(scores, len(grid))
    n = math.isqrt(len(grid))
    if n * n != len(grid):
        raise ValueError(f"grid must hold n * n points, got {len(grid)}; use boundary_grid")
    has_own_figure = ax is None
    ax = _axes(ax, figsize=(7.2, 4.6))
    x, y = grid[:n, 0], grid[::n, 1]
    field = scores.reshape(n, n)
    if np.issubdtype(scores.dtype, np.integer):
        colors = ListedColormap([tint(class_color(label)) for label in range(field.max() + 1)])
        ax.pcolormesh(x, y, field, cmap=colors, vmin=-0.5, vmax=field.max() + 0.5)
    else:
        ax.contourf(x, y, field, levels=np.linspace(0, 1, 11), cmap=PROBABILITIES)
        if field.min() < 0.5 < field.max():
            ax.contour(x, y, field, levels=[0.5], colors=[INK], linewidths=1.5)
    _scatter(ax, points, labels)
    if has_own_figure:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ax.set(xlabel="x", ylabel="y", aspect="equal")
    ax.grid(False)
    return ax


def show_images(
    images: ArrayLike,
    titles: Sequence[str] | None = None,
    n_columns: int = 8,
    value_range: tuple[float, float] | None = None,
) -> NDArray[Any]:
    """Draw images in rows, without axes.

    Args:
        images: (n_images, height, width) grey or (n_images, height, width, 1 or 3), any numbers.
        titles: One short text per image.
        n_columns: Images per row.
        value_range: The numbers drawn black and white; the smallest and largest if left out.

    Returns:
        Object array (n_rows, n_columns) of Axes; those without an image are invisible.

    Raises:
        ValueError: If shapes, counts or range do not fit, there is no image, or a value is not
            finite.

    Example:
        >>> axes = show_images(np.zeros((3, 8, 8)), titles=["0", "1", "2"])
        >>> axes.shape
        (1, 3)
    """
    images = checked_images(images)
    if n_columns < 1:
        raise ValueError(f"n_columns must be at least 1, got {n_columns}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} images need as many titles, got {len(titles)}")
    low, high = value_range or (float(images.min()), float(images.max()))
    if value_range and not low < high:
        raise ValueError(
            f"value_range must be (black, white) with black < white, got {value_range}"
        )
    if low == high:
        low, high = low - 0.5, high + 0.5
    shades = np.clip((images - low) / (high - low), 0, 1)
    n_columns = min(n_columns, len(images))
    n_rows = math.ceil(len(images) / n_columns)
    side = 7.2 / max(n_columns, 4)
    height = side * images.shape[1] / images.shape[2] + (0.25 if titles is not None else 0)
    figsize = (side * n_columns, height * n_rows)
    _, axes = plt.subplots(n_rows, n_columns, figsize=figsize, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for number, (ax, image) in enumerate(zip(axes.flat, shades, strict=False)):
        ax.imshow(image, cmap="gray", vmin=0, vmax=1)
        if titles is not None:
            ax.set_title(titles[number], loc="center", fontsize=9)
    return axes


def plot_confusion(
    labels: ArrayLike,
    predictions: ArrayLike,
    class_names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each true class was given each name; the diagonal is right.

    Args:
        labels: True classes, integers from 0, array (n_examples,).
        predictions: Predicted classes, the same shape; take the argmax of probabilities first.
        class_names: One text per class; the numbers if left out.
        ax: Axes to draw on; a new figure if left out.

    Returns:
        The Axes; rows are true classes, columns predictions; shades show shares of the row.

    Raises:
        ValueError: If shapes differ, there is nothing to count, a class is no whole number from 0,
            or a class has no name.

    Example:
        >>> ax = plot_confusion([0, 0, 1], [0, 1, 1], class_names=["benign", "malignant"])
        >>> ax.get_xlabel()
        'Predicted'
    """
    labels = checked_labels(labels)
    predictions = checked_labels(predictions, len(labels), "predictions")
    n_classes = int(max(labels.max(), predictions.max())) + 1
    names = [str(name) for name in (range(n_classes) if class_names is None else class_names)]
    if len(names) < n_classes:
        raise ValueError(f"there are {n_classes} classes, but class_names has {len(names)}")
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 3.6 if len(names) <= 3 else 5.6
    ax = _axes(ax, figsize=(7.2, side))
    ax.imshow(shares, cmap=SEQUENTIAL, vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        if count or row == column:
            color = PAPER if shares[row, column] > 0.5 else INK
            ax.text(column, row, str(count), ha="center", va="center", color=color, fontsize=10)
    ticks = np.arange(len(names))
    ax.set_xticks(ticks, names)
    ax.set_yticks(ticks, names)
    ax.set(xlabel="Predicted", ylabel="True")
    ax.grid(False)
    return ax


def _axes(ax: Axes | None, figsize: tuple[float, float] | None = None) -> Axes:
    return plt.subplots(figsize=figsize)[1] if ax is None else ax


def _scatter(ax: Axes, points: NDArray[Any], labels: NDArray[Any]) -> None:
    look = {"s": 22, "edgecolor": PAPER, "linewidth": 0.6}
    for label in np.unique(labels):
        look |= {"color": class_color(label), "marker": MARKERS[label % len(MARKERS)]}
        ax.scatter(*points[labels == label].T, label=f"class {label}", **look)
