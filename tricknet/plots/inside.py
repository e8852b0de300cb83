"""The figures of lesson 11: a map of the layers, curves through them, and pictures under a map of squares."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, PALETTE, Plot, plain, spread

Curve = Sequence[float] | npt.NDArray[np.floating]
Band = tuple[Curve, Curve]  # from where to where
COLOURS = [ACCENT, PALETTE[0], PALETTE[2], PALETTE[3], PALETTE[1], "#555555"]
APART = 0.075  # of the height of a chart: what a name beside it takes


def layers(shapes: Mapping[str, tuple[int, ...]]) -> Plot:
    """A map of a network: each layer a box, as tall as its grid and as wide as it has channels (both by the root).

    shapes: (height, width, channels) by the layer's name, or (numbers,) where no grid is left.
    """
    grids = {name: shape if len(shape) == 3 else (1, 1, *shape) for name, shape in shapes.items()}
    figure = Figure(figsize=(10, 3.1), layout="constrained")
    ax = figure.subplots()
    left = 0.0
    least = 1.75  # units from one box to the next: what the words below take
    for number, (name, (height, _, channels)) in enumerate(grids.items()):
        wide, tall = 0.2 + channels**0.5 / 13, height**0.5 / 6
        middle = left + max(wide, least) / 2
        colour = PALETTE[6] if number == 0 else ACCENT if number == len(grids) - 1 else PALETTE[4]
        ax.add_patch(Rectangle((middle - wide / 2, -tall / 2), wide, tall, facecolor=colour, edgecolor="white"))
        ax.text(middle, tall / 2 + 0.1, name, ha="center", va="bottom", fontsize=10, weight="bold")
        grid = f"{height} × {height}\n× {channels}" if height > 1 else f"{channels}"
        ax.text(middle, -tall / 2 - 0.1, grid, ha="center", va="top", fontsize=9)
        left += max(wide, least) + 0.3
    ax.set_xlim(0, left)
    ax.set_ylim(-2.1, 1.7)
    ax.axis("off")
    words = ", ".join(f"{name} {' × '.join(map(str, shape))}" for name, shape in shapes.items())
    return Plot(figure, f"A row of boxes, ever lower and ever wider, from the picture to the scores: {words}.")


def through(
    curves: Mapping[str, Curve],
    places: Sequence[str],
    ylabel: str,
    alt: str,
    *,
    bands: Mapping[str, Band] | None = None,
    log: bool = False,
    xlabel: str = "",
) -> Plot:
    """A curve for each name over places in order, such as layers, with its 95% interval as a band behind it.

    log: a logarithmic axis from bottom to top.
    """
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    ax = figure.subplots()
    xs = np.arange(len(places))
    colours = dict(zip(curves, COLOURS, strict=False))
    for name, values in curves.items():
        ax.plot(xs, values, "o-", color=colours[name], linewidth=2, markersize=4)
        if bands and name in bands:
            ax.fill_between(xs, *bands[name], color=colours[name], alpha=0.2, linewidth=0)
    ax.set_xticks(xs, places)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.margins(x=0.02)
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter("{x:g}")
    plain(ax)
    # The names' places in the axes' own units, where a logarithm is as good as any other scale.
    names, ends = list(curves), [_height(ax, float(values[-1])) for values in curves.values()]
    for i, y in spread(dict(enumerate(ends)), APART).items():
        ax.text(1.015, y, names[i], color=colours[names[i]], va="center", transform=ax.transAxes)
    return Plot(figure, alt)


def _height(ax: Axes, value: float) -> float:
    """A value's height in an axis, from 0 to 1."""
    height: float = ax.transAxes.inverted().transform(ax.transData.transform((0, value)))[1]
    return height


def dots(values: Mapping[str, tuple[float, float, float]], xlabel: str, alt: str, *, faint: Sequence[str] = ()) -> Plot:
    """A dot for each name with its 95% interval: (value, low, high), shares from 0 to 1. faint: the controls."""
    figure = Figure(figsize=(8, 0.36 * len(values) + 0.9), layout="constrained")
    ax = figure.subplots()
    for y, (name, (value, low, high)) in enumerate(reversed(list(values.items()))):
        colour = "#888888" if name in faint else ACCENT
        ax.plot([low, high], [y, y], color=colour, linewidth=2)
        ax.plot(value, y, "o", color=colour)
        ax.text(1.02, y, f"{value:.0%}", va="center", color=colour)
    ax.set_yticks(range(len(values)), list(values)[::-1])
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(xlabel)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="x", color="#dddddd")
    return Plot(figure, alt)


def under(picture: Picture, maps: Mapping[str, Numbers], alt: str) -> Plot:
    """A picture, pale and grey, under each map: the larger a square's value, the more orange it is, and what is not
    above 0 stays grey. The squares are drawn as they are: nothing is smoothed.
    """
    figure = Figure(figsize=(2.3 * len(maps), 2.6), layout="constrained")
    pale = 0.6 * picture.mean(axis=2, keepdims=True) + 0.4 * 255
    orange = np.array([213, 94, 0])  # ACCENT
    for ax, (name, values) in zip(figure.subplots(1, len(maps)), maps.items(), strict=True):
        share = np.clip(values / values.max(), 0, 1)
        rows, columns = (side // n for side, n in zip(picture.shape[:2], share.shape, strict=True))
        share = 0.85 * share.repeat(rows, axis=0).repeat(columns, axis=1)[..., None]
        ax.imshow(((1 - share) * pale + share * orange).astype(np.uint8))
        ax.set_title(name, fontsize=10)
        ax.axis("off")
    return Plot(figure, alt)
