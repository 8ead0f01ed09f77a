"""Colours and matplotlib settings of the book's figures."""

from types import MappingProxyType

import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_rgb

PAPER = "#fbf8f1"
INK = "#26241f"
GREY = "#6f6a60"
BLUE = "#0b66a8"
ORANGE = "#c8500b"
GREEN = "#00795a"
PURPLE = "#9a4a86"
GOLD = "#9a6b00"
SKY = "#2f8fc4"

COLORS = MappingProxyType(
    {
        "training": BLUE,
        "validation": ORANGE,
        "test": GREEN,
        "baseline": GREY,
        "listing": PURPLE,
        "published": GOLD,
        "real": BLUE,
        "generated": ORANGE,
        "input gate": GREEN,
        "forget gate": ORANGE,
        "output gate": PURPLE,
        "candidate": GOLD,
        "update gate": BLUE,
        "reset gate": SKY,
        "state": INK,
        "ink": INK,
        "paper": PAPER,
    }
)
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, GOLD, SKY)
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "<", ">")
SEQUENTIAL = LinearSegmentedColormap.from_list("paper-to-blue", [PAPER, "#8fb9d9", BLUE, "#052f52"])
DIVERGING = LinearSegmentedColormap.from_list("orange-to-blue", [ORANGE, "#f6efe2", BLUE])
STYLE = {
    "figure.figsize": (7.2, 4.0),
    "figure.dpi": 110,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 110,
    "savefig.facecolor": PAPER,
    "savefig.transparent": False,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
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


def tint(color: str) -> tuple[float, ...]:
    """Return a colour mixed with paper, for areas behind points."""
    mixed = 0.28 * np.array(to_rgb(color)) + 0.72 * np.array(to_rgb(PAPER))
    return tuple(mixed)
