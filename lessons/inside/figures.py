"""The figures of lesson 11: what rose in a layer, what is put back, growth through the layers, and maps on pictures."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageOps

from tricknet.arrays import Floats, Numbers, Picture, Pictures
from tricknet.evidence import Value, rate
from tricknet.plots.charts import ACCENT, PALETTE, Plot, plain, spread

Curve = Sequence[float] | npt.NDArray[np.floating]
Band = tuple[Curve, Curve]  # from where to where
COLOURS = [ACCENT, PALETTE[0], PALETTE[2], PALETTE[3], PALETTE[1], "#555555"]
COARSE = 24  # steps of colour in a grid, which keep a page light
APART = 0.075  # of the height of a chart: what a name beside it takes


def risen(rise: Floats, atlas: Pictures, under: Picture, *, cell: int = 40, largest: float = 0) -> Picture:
    """An activation grid (Olah et al. 2018): at each place the drawing of the channel that rose most there.

    rise: height x width x channels. atlas: a drawing for each channel. under: the picture, which is laid below, pale.
    cell: pixels of a place's side. Where its channel rose by `largest` (default: the largest rise of all), a drawing is
    half as wide again; elsewhere its area is in proportion. Returns a picture (uint8).
    """
    rows, columns = rise.shape[:2]
    best, most = rise.argmax(axis=2), rise.max(axis=2)
    grey = Image.fromarray(under).convert("L").resize((columns * cell, rows * cell))
    paper = Image.fromarray((255 - (255 - np.asarray(grey) // 16 * 16) * 0.3).astype(np.uint8)).convert("RGB")
    sides = 1.5 * cell * np.sqrt(np.clip(most / (largest or most.max()), 0, 1))
    for place in np.argsort(most, axis=None):  # the larger ones cover the smaller ones
        row, column = divmod(int(place), columns)
        side = round(float(sides[row, column]))
        if side > 2:
            drawing = ImageOps.autocontrast(Image.fromarray(atlas[best[row, column]]), cutoff=2)
            drawing = drawing.resize((side, side), Image.Resampling.LANCZOS)
            paper.paste(drawing, (column * cell + (cell - side) // 2, row * cell + (cell - side) // 2))
    return np.asarray(Image.eval(paper, lambda value: min(round(value / COARSE) * COARSE, 255)))


def beaks(rows: Sequence[Mapping[str, Value]], by_chance: float, alt: str) -> Plot:
    """For each target, a dot per photograph: at how many places is the most risen channel one that tells birds?

    rows: of lessons/inside/tables/risen.csv. by_chance: the share of the channels that do, a line.
    """
    targets = list(dict.fromkeys(str(row["target"]) for row in rows))
    figure = Figure(figsize=(8, 0.55 * len(targets) + 1), layout="constrained")
    ax = figure.subplots()
    for y, target in enumerate(reversed(targets)):
        shares = np.array([float(row["places"]) for row in rows if row["target"] == target])
        heights = y + np.random.default_rng(0).uniform(-0.25, 0.25, len(shares))
        ax.plot(shares, heights, "o", color=PALETTE[0], alpha=0.35, markersize=4)
        ax.plot([shares.mean()] * 2, [y - 0.35, y + 0.35], color=ACCENT, linewidth=3)
        ax.text(1.01, y, f"mean {shares.mean():.0%}", va="center", color=ACCENT, transform=ax.get_yaxis_transform())
    ax.axvline(by_chance, color="#777777", linestyle=":")
    ax.text(by_chance, len(targets) - 0.45, " their share of all channels", color="#777777", fontsize=9)
    ax.set_yticks(range(len(targets)), [f"a {target}" for target in reversed(targets)])
    ax.set_ylim(-0.5, len(targets) - 0.1)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(f"places where a bird channel rose most ({len(rows) // len(targets)} photographs, none of a bird)")
    ax.spines[["top", "right"]].set_visible(False)
    return Plot(figure, alt)


ORDERS = {  # of what is put back: the name in the table, what a figure says, and its colour
    "risen": ("those that rose most", ACCENT),
    "changed": ("those that changed most", ACCENT),
    "birds": ("those that tell birds best", PALETTE[2]),
    "a real vulture's": ("those that a real vulture excites", PALETTE[0]),
    "random": ("any, at random", "#777777"),
}


def still_there(rows: Sequence[Mapping[str, Value]], alt: str) -> Plot:
    """How many photographs are still a vulture when more and more of 4d is put back: channels left, places right.

    rows: of lessons/inside/tables/patched.csv.
    """
    figure = Figure(figsize=(9.2, 3.4), layout="constrained")
    for ax, what in zip(figure.subplots(1, 2, sharey=True), ("channels", "places"), strict=True):
        for order, (name, colour) in ORDERS.items():
            chosen = [row for row in rows if (row["what"], row["order"]) == (what, order)]
            if not chosen:
                continue
            percent = [key for key in chosen[0] if key.isdigit()]
            xs, values = (
                [int(key) for key in percent],
                np.array([[float(row[key]) for key in percent] for row in chosen]),
            )
            rates = [rate(round(k), len(chosen)) for k in values.sum(axis=0)]
            ax.plot(xs, values.mean(axis=0), "o-", color=colour, markersize=4, linewidth=2, label=name)
            ax.fill_between(xs, [r.low for r in rates], [r.high for r in rates], color=colour, alpha=0.15, linewidth=0)
            ax.set_title(f"{what} put back, in {len(chosen)} photographs", fontsize=10)
        ax.set_xlabel(f"{what} of 4d put back as they were before the trick")
        ax.xaxis.set_major_formatter("{x:.0f}%")
        ax.yaxis.set_major_formatter("{x:.0%}")
        ax.set_xlim(0, 100)
        if what == "channels":
            ax.axvline(9, color=PALETTE[2], linestyle=":")
            ax.text(9, 0.02, " the 47 bird channels", color=PALETTE[2], fontsize=9, rotation=90, ha="right")
        ax.legend(frameon=False, fontsize=9, loc="upper right", title="put back first:" if what == "channels" else None)
        plain(ax)
    figure.axes[0].set_ylabel("still a vulture")
    return Plot(figure, alt)


def shout(rows: Mapping[str, Sequence[Numbers]], names: Sequence[str], alt: str) -> Plot:
    """How much each place of some layers has changed: a row of maps for each perturbation, all on one scale.

    rows: by the perturbation's name, a map (height x width) for each of the layers in `names`.
    """
    figure = Figure(figsize=(1.5 * len(names) + 0.6, 1.7 * len(rows)), layout="constrained")
    axes = figure.subplots(len(rows), len(names), squeeze=False)
    largest = max(float(map_.max()) for maps in rows.values() for map_ in maps)
    for i, (what, maps) in enumerate(rows.items()):
        for j, map_ in enumerate(maps):
            ax = axes[i, j]
            drawn = ax.imshow(map_, cmap="inferno", vmin=0, vmax=largest, interpolation="nearest")
            ax.set_xticks([])
            ax.set_yticks([])
            if not i:
                ax.set_title(names[j], fontsize=10)
        axes[i, 0].set_ylabel(what, fontsize=10)
    figure.colorbar(drawn, ax=axes, shrink=0.8, label="change, relative to what was there")
    return Plot(figure, alt)


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
