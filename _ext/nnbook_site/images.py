"""Figures as small files: Matplotlib's PNG with a palette, where nobody sees the difference."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from sphinx.application import Sphinx

LARGEST_CHANGES = 24, 0.6  # of 255 levels, of one pixel and on average: photographs change more

__all__ = ["shrink"]


def shrink(path: Path) -> None:
    """Rewrite the PNG of a figure without its opaque alpha channel, and with 256 colours at most.

    A figure that a palette would change visibly keeps its colours. A file that is no RGBA, which
    Matplotlib writes, stays as it is; so does what would not become smaller.

    Args:
        path: A PNG file; it is replaced at once or not at all.
    """
    with Image.open(path) as image:
        if image.mode != "RGBA" or image.getchannel("A").getextrema()[0] < 255:
            return
        colours = image.convert("RGB")
    few = colours.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    changes = np.abs(np.subtract(few.convert("RGB"), colours, dtype=int))
    largest, mean = LARGEST_CHANGES
    chosen = few if changes.max() <= largest and changes.mean() <= mean else colours
    file = io.BytesIO()
    chosen.save(file, "PNG", optimize=True)
    if file.tell() < path.stat().st_size:
        temporary = path.with_suffix(".part")
        temporary.write_bytes(file.getvalue())
        temporary.replace(path)


def _shrink_all(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        for path in Path(app.outdir, app.builder.imagedir).glob("*.png"):
            shrink(path)


def setup(app: Sphinx) -> None:
    """Shrink what the pages show, once they are written."""
    app.connect("build-finished", _shrink_all)
