"""Lesson 9's figures: many small pictures with their answers, rates by size or change, and where a sticker works."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle

from tricknet.arrays import Numbers, Picture
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.intervals import SHADES, in_words, share_axis
from tricknet.plots.sheet import Sheet, lay, thumbnail

type Curves = Mapping[str, Mapping[float, Rate]]  # {name: {x: rate}}

THUMB = 68  # pixels: a small picture's side
MARKS = ("o", "D", "x")


def crowd(pictures: Sequence[Picture], answers: Sequence[str], alt: str, columns: int = 10) -> Sheet:
    """Small pictures, each below the network's first answer.

    They are scaled down, and in 16 shades per colour (which take half the bytes), so they claim nothing about pixels.
    """
    paper, boxes = lay([thumbnail(p, THUMB, unit=16) for p in pictures], answers, columns=columns, size=10, gap=6)
    return Sheet([paper], [boxes], f"{alt} {', '.join(answers)}.")


def along(
    panels: Mapping[str, Curves],
    xlabel: str,
    ylabel: str,
    alt: str,
    *,
    percent: bool = False,
    besides: tuple[str, Mapping[str, Mapping[float, Sequence[Rate]]]] = ("", {}),
) -> Plot:
    """Charts side by side, with a curve for each name: the share at each place, and its 95% interval as a line.

    panels: {title: {name: {x: rate}}}; every curve has the same places, which are drawn at equal distances. percent:
    the places are shares, 0..1. besides: a name, and {title: {x: rates}} for more cases of the first curve's kind,
    drawn as rings.
    """
    dots_name, dots = besides
    figure, (axes,) = new_axes(9.5 if len(panels) > 1 else 7.5, 3.4, len(panels))
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        places = list(next(iter(curves.values())))
        for i, (name, curve) in enumerate(curves.items()):
            colour = SHADES[(i + 1) % len(SHADES)]
            xs = np.arange(len(places)) + (i - (len(curves) - 1) / 2) * 0.08  # so that no line hides another
            rates = list(curve.values())
            ax.plot(xs, [rate.share for rate in rates], "o-", color=colour, linewidth=2, markersize=4, label=name)
            ax.vlines(xs, [r.low for r in rates], [r.high for r in rates], color=colour, alpha=0.5, linewidth=2)
        spots = [(places.index(x), rate.share) for x, rates in dots.get(title, {}).items() for rate in rates]
        if spots:
            ax.plot(*zip(*spots, strict=True), "o", color=SHADES[1], mfc="white", markersize=4, label=dots_name)
        ax.set_xticks(range(len(places)), [f"{x:.0%}" if percent else f"{x:g}" for x in places])
        ax.set_ylim(-0.03, 1.03)
        ax.yaxis.set_major_formatter("{x:.0%}")
        ax.set_xlabel(xlabel)
        ax.set_title(title, fontsize=11)
        plain(ax)
    axes[0].set_ylabel(ylabel)
    names = axes[0].get_legend_handles_labels()
    figure.legend(*names, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=5, frameon=False)
    counts = "; ".join(
        f"{title}, {name}: ".removeprefix(", ") + ", ".join(f"{r.k} of {r.n} at {x:g}" for x, r in curve.items())
        for title, curves in panels.items()
        for name, curve in curves.items()
    )
    counts += "".join(
        f"; {title}, {dots_name}: {', '.join(str(r.k) for r in rates)} of {rates[0].n} at {x:g}"
        for title, curve in dots.items()
        for x, rates in curve.items()
    )
    return Plot(figure, f"{alt} {counts}.")


def changes(rows: Mapping[str, Mapping[str, Rate]], xlabel: str, alt: str) -> Plot:
    """A row for each change, in it a mark for each series, with its 95% interval as a line and "k of n" on the right.

    rows: {change: {series: rate}}; every row has the same series.
    """
    series = list(next(iter(rows.values())))
    figure, ((ax,),) = new_axes(7.5, 0.8 + 0.27 * len(rows))
    for row, rates in enumerate(rows.values()):
        for i, (name, rate) in enumerate(rates.items()):
            y, colour = row + (i - (len(series) - 1) / 2) * 0.2, SHADES[i + 1]
            ax.plot([rate.low, rate.high], [y, y], color=colour, alpha=0.4, linewidth=2, solid_capstyle="butt")
            ax.plot([rate.share], [y], MARKS[i], color=colour, markersize=5, label=None if row else name)
        counts = ", ".join(f"{rate.k}" for rate in rates.values())
        ax.text(1.03, row, f"{counts} of {rate.n}", fontsize=8, va="center")
    ax.set_ylim(len(rows) - 0.4, -0.6)
    share_axis(ax, list(rows), xlabel)
    ax.tick_params(axis="y", labelsize=9)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(series), frameon=False)
    return Plot(figure, f"{alt} {in_words(rows)}.")


def sliding(picture: Picture, probabilities: Numbers, places: Numbers, size: float, alt: str) -> Plot:
    """A picture in grey, with a dot at each place of a sticker's centre, as large as the probability of a class there.

    probabilities: one row for each of `places` from top to bottom, one column for each from left to right.
    places: the centres' rows, which are the columns too, evenly spaced, in pixels. size: the sticker's diameter, drawn
    as a circle in a corner.
    """
    figure, ((ax,),) = new_axes(4.2, 4.2)
    grey = np.rint(picture.mean(axis=2)) // 16 * 16 + 8  # so that the dots stand out, and a page opens quickly
    ax.imshow(grey, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    columns, rows = np.meshgrid(places, places)
    apart = places[1] - places[0]
    for x, y, p in zip(columns.ravel(), rows.ravel(), probabilities.ravel(), strict=True):
        ax.add_patch(Circle((x, y), 0.8, color="white", linewidth=0))
        ax.add_patch(Circle((x, y), 0.48 * apart * np.sqrt(p), facecolor=PALETTE[5], edgecolor="white", linewidth=0.8))
    x = y = size / 2 + 4
    ax.add_patch(Circle((x, y), size / 2, fill=False, edgecolor="white", linestyle="--", linewidth=1.5))
    ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0), xticks=[], yticks=[])
    ax.set_title("a large dot: the sticker works with its centre here\ndashed: the size of the sticker", fontsize=9)
    return Plot(figure, alt)
