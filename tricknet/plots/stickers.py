"""Lesson 10's charts: rates along an axis, such as a sticker's size, and a map of where a sticker works."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Circle

from tricknet.arrays import Numbers, Picture
from tricknet.evidence import Rate
from tricknet.plots.charts import Plot, new_axes, plain
from tricknet.plots.intervals import SHADES


def along(
    curves: Mapping[str, Mapping[float, Rate]], xlabel: str, ylabel: str, alt: str, *, percent: bool = False
) -> Plot:
    """A curve for each name: the share at each place, with its 95% interval as a vertical line.

    curves: {name: {x: rate}}; every curve has the same places, which are drawn at equal distances. percent: the places
    are shares, 0..1.
    """
    figure, ((ax,),) = new_axes(7.5, 3.4)
    places = list(next(iter(curves.values())))
    for i, (name, found) in enumerate(curves.items()):
        colour = SHADES[(i + 1) % len(SHADES)]
        xs = np.arange(len(places)) + (i - (len(curves) - 1) / 2) * 0.08  # side by side, so that no line hides another
        rates = list(found.values())
        ax.plot(xs, [rate.share for rate in rates], "o-", color=colour, linewidth=2, markersize=5, label=name)
        ax.vlines(xs, [rate.low for rate in rates], [rate.high for rate in rates], color=colour, alpha=0.5, linewidth=2)
    ax.set_xticks(range(len(places)), [f"{x:.0%}" if percent else f"{x:g}" for x in places])
    ax.set_ylim(-0.03, 1.03)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    plain(ax)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(curves), frameon=False)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{rate.k} of {rate.n} at {x:g}" for x, rate in found.items())
        for name, found in curves.items()
    )
    return Plot(figure, f"{alt} {said}.")


def sliding(picture: Picture, found: Numbers, places: Numbers, size: float, alt: str) -> Plot:
    """A picture, and beside it the probability of a class for each place of a sticker's centre.

    found: probabilities, one row for each of `places` from top to bottom, one column for each from left to right.
    places: the centres' rows, which are the columns too, evenly spaced, in pixels. size: the sticker's diameter, drawn
    as a circle in a corner.
    """
    figure, ((left, right),) = new_axes(8.2, 3.7, 2)
    left.imshow(picture)
    half = (places[1] - places[0]) / 2
    edges = (places[0] - half, places[-1] + half)
    drawn = right.imshow(found, extent=(*edges, *edges[::-1]), vmin=0, vmax=1, cmap="cividis")
    for ax in (left, right):
        ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0), xticks=[], yticks=[])
    x, y = size / 2 + 6, picture.shape[0] - size / 2 - 6
    right.add_patch(Circle((x, y), size / 2, fill=False, edgecolor="white", linestyle="--"))
    right.text(x, y, "its size", color="white", ha="center", va="center", fontsize=9)
    left.set_title("the picture", fontsize=11)
    right.set_title("with the sticker's centre here", fontsize=11)
    figure.colorbar(drawn, ax=right, format="{x:.0%}", label="probability")
    return Plot(figure, alt)
