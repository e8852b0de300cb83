"""Lesson 5's figures: curves along a line, and the classes that win on a plane through the picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Polygon

from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

STYLES: dict[str, dict[str, Any]] = {  # of the curves of `along`, by what they are
    "signs": {"marker": "o", "color": PALETTE[5]},
    "coins": {"linewidth": 1, "color": PALETTE[0]},
    "line": {"linestyle": "--", "color": "#333333"},
    "steps": {"marker": "s", "color": PALETTE[2]},
}
MAP = [PALETTE[i] for i in (4, 5, 1, 2, 3, 0, 6)]  # the winning classes' colours, in the order of their areas
OTHER = "#e4e4e4"  # the classes that win too little for a colour of their own


def along(
    curves: Mapping[str, tuple[str, Sequence[float], np.ndarray]],
    *,
    ylabel: str,
    alt: str,
    log: bool = False,
    zero: tuple[str, str] | None = None,
    ylim: tuple[float, float] | None = None,
) -> Plot:
    """Curves over the size of a step.

    curves: name -> (style, sizes, values): a style of STYLES, step sizes in pixel values, and the value at each (or
    several rows of values, which share the name). log: a logarithmic vertical axis. zero: a line at 0, with words for
    above and below it.
    """
    figure, ((ax,),) = new_axes(6.2, 3.3)
    for name, (style, sizes, values) in curves.items():
        for i, row in enumerate(np.atleast_2d(values)):
            ax.plot(sizes, row, markersize=4, **STYLES[style], label=name if i == 0 else None)
    if zero:
        ax.axhline(0, color="#999999", linewidth=1)
        for word, up in zip(zero, (1, -1), strict=True):
            ax.annotate(
                word,
                (0, 0),
                xytext=(0, 3 * up),
                textcoords="offset points",
                va="bottom" if up > 0 else "top",
                fontsize=9,
                color="#555555",
            )
    if log:
        ax.set_yscale("log")
    if ylim:
        ax.set_ylim(*ylim)
    ax.set_xlabel("size of the step (pixel values)")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return Plot(figure, alt)


def planes(
    winners: Sequence[np.ndarray],
    sizes: np.ndarray,
    labels: Sequence[str],
    *,
    axes: Sequence[tuple[str, str]],
    boxes: Sequence[float] = (),
    alt: str = "",
) -> Plot:
    """Maps of planes through a picture, each point coloured by the class that wins there.

    winners: for each plane, the winning class at each point (rows upwards, columns to the right). sizes: how far the
    points lie from the picture along either direction, in pixel values, evenly spaced. axes: for each plane, words for
    its two directions. boxes: the epsilons to draw. Both directions hold nothing but +1 and -1, and where their signs
    agree the moves add up: in such a plane the L-infinity box is a diamond.
    """
    classes, points = np.unique(np.stack(winners), return_counts=True)
    classes = classes[np.argsort(-points, kind="stable")]
    place = {c: min(i, len(MAP)) for i, c in enumerate(classes)}
    figure, all_axes = new_axes(4 * len(winners) + 2, 4, len(winners))
    step = (sizes[1] - sizes[0]) / 2
    ends = (sizes[0] - step, sizes[-1] + step)
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
    ax.annotate(f"ε = {epsilon:g}", (0, epsilon), xytext=(3, 2), textcoords="offset points", fontsize=9)
