"""Lesson 5's figures: curves along a line, and the classes that win on a plane through the picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon
from matplotlib.ticker import MultipleLocator

from tricknet.arrays import Numbers
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

STYLES: dict[str, dict[str, Any]] = {  # of curves, by what they are
    "signs": {"marker": "o", "color": PALETTE[5]},
    "coins": {"linewidth": 1, "color": PALETTE[0]},
    "line": {"linestyle": "--", "color": "#333333"},
    "steps": {"marker": "s", "color": PALETTE[2]},
}
MAP = [PALETTE[i] for i in (4, 5, 1, 2, 3, 0, 6)]  # the winning classes' colours, in the order of their areas
OTHER = "#e4e4e4"  # the classes that win too little for a colour of their own


Curves = Mapping[str, tuple[str, Numbers, Numbers]]


def losses(curves: Curves, alt: str) -> Plot:
    """The loss of the panda over the size of a step, on a logarithmic axis.

    curves: name -> (style, sizes, values): a style of STYLES, step sizes in pixel values, and the value at each (or
    several rows of values, which share the name).
    """
    figure, ax = _along(curves, "loss of the panda")
    ax.set_yscale("log")
    ax.legend(frameon=False, fontsize=9)
    return Plot(figure, alt)


def log_odds(curves: Curves, alt: str) -> Plot:
    """The log-odds of the panda over the size of a step, with a line where it is as likely as not; see `losses`."""
    figure, ax = _along(curves, "log-odds of the panda")
    ax.axhline(0, color="#999999", linewidth=1)
    for words, points, align in (("more likely a panda", 3, "bottom"), ("more likely not", -3, "top")):
        offset: dict[str, Any] = {"xytext": (0, points), "textcoords": "offset points", "va": align}
        ax.annotate(words, (0, 0), fontsize=9, color="#555555", **offset)
    ax.set_ylim(-6, 15.5)
    ax.legend(frameon=False, fontsize=9, loc="upper right", bbox_to_anchor=(1, 0.83))
    return Plot(figure, alt)


def _along(curves: Curves, ylabel: str) -> tuple[Figure, Axes]:
    """Curves over the size of a step."""
    figure, ((ax,),) = new_axes(6.2, 3.3)
    for name, (style, sizes, values) in curves.items():
        for i, row in enumerate(np.atleast_2d(values)):
            ax.plot(sizes, row, markersize=4, **STYLES[style], label=name if i == 0 else None)
    ax.set_xlabel("size of the step (pixel values)")
    ax.set_ylabel(ylabel)
    plain(ax)
    return figure, ax


def planes(
    winners: Sequence[Numbers],
    sizes: Numbers,
    labels: Sequence[str],
    *,
    axes: Sequence[tuple[str, str]],
    boxes: Sequence[float] = (),
    alt: str = "",
) -> Plot:
    """Maps of planes through a picture, each point coloured by the class that wins there.

    winners: for each plane, the winning class at each point (rows upwards, columns to the right). sizes: how far the
    points lie from the picture along either direction, in pixel values, evenly spaced. axes: for each plane, words for
    its two directions. boxes: the epsilons to draw. Both directions hold nothing but +1 and -1 (and a few zeros), and
    where their signs agree the moves add up: in such a plane the L-infinity box is a diamond.
    """
    classes, points = np.unique(np.stack(winners), return_counts=True)
    classes = classes[np.argsort(-points, kind="stable")]
    place = {c: min(i, len(MAP)) for i, c in enumerate(classes)}
    figure, all_axes = new_axes(2.9 * len(winners) + 1.3, 3.2, len(winners))
    half = (sizes[1] - sizes[0]) / 2
    ends = (sizes[0] - half, sizes[-1] + half)
    for ax, plane, (right, up) in zip(all_axes.flat, winners, axes, strict=True):
        ax.imshow(
            np.vectorize(place.__getitem__)(plane),
            origin="lower",
            extent=(*ends, *ends),
            cmap=ListedColormap([*MAP, OTHER]),
            vmin=-0.5,
            vmax=len(MAP) + 0.5,
            interpolation="nearest",
        )
        for epsilon in boxes:
            _diamond(ax, epsilon)
        ax.plot(0, 0, "+", color="black", markersize=9)
        ax.xaxis.set_major_locator(MultipleLocator(2))
        ax.yaxis.set_major_locator(MultipleLocator(2))
        ax.set_xlabel(right)
        ax.set_ylabel(up)
    names = [labels[c] for c in classes[: len(MAP)]] + ["other classes"] * (len(classes) > len(MAP))
    keys = [Patch(color=colour, label=name) for colour, name in zip([*MAP, OTHER], names, strict=False)]
    figure.legend(handles=keys, loc="outside right center", frameon=False, fontsize=9)
    return Plot(figure, alt or f"Maps of the winning classes: {', '.join(names)}.")


def _diamond(ax: Axes, epsilon: float) -> None:
    """The points of a plane of two directions of signs that lie in the box: |right| + |up| at most epsilon."""
    corners = [(epsilon, 0), (0, epsilon), (-epsilon, 0), (0, -epsilon)]
    ax.add_patch(Polygon(corners, fill=False, edgecolor="black", linewidth=1.2))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.annotate(f"ε = {epsilon:g}", (0, epsilon), fontsize=8, ha="center", va="center", bbox=box)
