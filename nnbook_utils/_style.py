"""Colours and matplotlib settings of the book's figures."""

from types import MappingProxyType

import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_rgb

PAPER = "#fbf8f1"
INK = "#26241f"
EDGE = "#6f6a60"
GREY = "#57545c"
BLUE = "#0b4f9e"
ORANGE = "#cc6410"
GREEN = "#158f78"
PURPLE = "#b358c4"
BROWN = "#5d4300"
WINE = "#981b45"

COLORS = MappingProxyType(
    {
        "training": BLUE,
        "validation": ORANGE,
        "test": GREEN,
        "baseline": GREY,
        "listing": PURPLE,
        "published": BROWN,
        "real": BLUE,
        "generated": ORANGE,
        "input gate": GREEN,
        "forget gate": ORANGE,
        "output gate": PURPLE,
        "candidate": BROWN,
        "update gate": BLUE,
        "reset gate": WINE,
        "state": INK,
        "positive": BLUE,
        "negative": ORANGE,
        "ink": INK,
        "paper": PAPER,
    }
)
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, BROWN, WINE)
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "<", ">")
SEQUENTIAL = LinearSegmentedColormap.from_list("paper-to-blue", [PAPER, "#8fb9d9", BLUE, "#052f52"])
STYLE = {
    "figure.figsize": (7.2, 4.0),
    "figure.dpi": 110,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.08,
    "figure.constrained_layout.w_pad": 0.08,
    "savefig.dpi": 110,
    "savefig.pad_inches": 0.12,
    "savefig.facecolor": PAPER,
    "savefig.transparent": False,
    "axes.facecolor": PAPER,
    "axes.edgecolor": EDGE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=CYCLE),
    "grid.color": "#e3dccd",
    "grid.linewidth": 0.8,
    "font.size": 11,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}


def class_color(label: int) -> str:
    """Return the colour of a class number; colours repeat after six, markers after ten."""
    return CYCLE[label % len(CYCLE)]


def tint(color: str, share: float = 0.3) -> tuple[float, ...]:
    """Return a colour mixed with paper, for areas behind points; `share` of it is left."""
    mixed = share * np.array(to_rgb(color)) + (1 - share) * np.array(to_rgb(PAPER))
    return tuple(mixed)


PROBABILITIES = LinearSegmentedColormap.from_list(
    "class 0 to class 1", [tint(class_color(0), 0.45), PAPER, tint(class_color(1), 0.45)]
)
