"""The site's images: smaller files, the same figures."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from nnbook_site.images import LARGEST_CHANGES, shrink
from PIL import Image


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=int)


@pytest.fixture
def curves(tmp_path):
    """The PNG of lines in many shades, as the chapters draw them."""
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    for number in range(6):
        ax.plot(np.sin(np.arange(50) / (number + 1)), label=f"line {number}", alpha=0.7)
    ax.legend()
    path = tmp_path / "curves.png"
    figure.savefig(path)
    return path


def test_a_figure_gets_a_palette_and_looks_the_same(curves):
    before = pixels(curves)
    shrink(curves)
    changes = np.abs(pixels(curves) - before)
    assert changes.max() <= LARGEST_CHANGES[0]
    assert changes.mean() <= LARGEST_CHANGES[1]
    with Image.open(curves) as image:
        assert image.mode == "P"  # a palette: one byte for each pixel in place of four
    assert [path.name for path in curves.parent.iterdir()] == ["curves.png"]


def test_a_shrunken_figure_is_left_alone(curves):
    shrink(curves)
    once = curves.read_bytes()
    shrink(curves)
    assert curves.read_bytes() == once


def test_a_photograph_keeps_every_pixel(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 4), dtype=np.uint8)
    noise[..., 3] = 255
    path = tmp_path / "photo.png"
    Image.fromarray(noise).save(path)
    shrink(path)
    assert np.array_equal(pixels(path), noise[..., :3])


def test_a_transparent_figure_stays_as_it_is(tmp_path):
    path = tmp_path / "see-through.png"
    Image.new("RGBA", (20, 20), (255, 0, 0, 100)).save(path)
    before = path.read_bytes()
    shrink(path)
    assert path.read_bytes() == before
