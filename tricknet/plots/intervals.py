"""Rates with their intervals: how many of n pictures survive, transfer or are fooled."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tricknet.evidence import Rate, interval
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

SHADES = ["#000000", PALETTE[5], PALETTE[0], PALETTE[6]]


class Mark(NamedTuple):
    """How one series is marked: Matplotlib's shape, the colour of its edge and of what is inside, and their sizes."""

    shape: str
    colour: str
    inside: str
    size: float = 8
    edge: float = 1


def rates(groups: Mapping[str, Mapping[str, Rate]], xlabel: str = "") -> Plot:
    """One row per group, in it one dot per series: the share, with its 95% interval as a line, and "k of n" beside it.

    groups: {row: {series: rate}}; every row has the same series.
    """
    series = list(next(iter(groups.values())))
    figure, ((ax,),) = new_axes(8, 0.7 + 0.2 * len(groups) * (len(series) + 0.8))
    for row, row_rates in enumerate(groups.values()):
        for place, (name, rate) in enumerate(row_rates.items()):
            y = row + (place - (len(series) - 1) / 2) / (len(series) + 0.8)
            colour = SHADES[series.index(name)]
            ax.plot([rate.low, rate.high], [y, y], color=colour, linewidth=2, alpha=0.5, solid_capstyle="butt")
            ax.plot([rate.share], [y], "o", color=colour, markersize=6, label=name if row == 0 else None)
            ax.text(1.03, y, f"{rate.k} of {rate.n}", color=colour, fontsize=8, va="center")
    ax.set_ylim(len(groups) - 0.5, -0.5)
    share_axis(ax, list(groups), xlabel)
    for edge in range(1, len(groups)):
        ax.axhline(edge - 0.5, color="#eeeeee", linewidth=0.8)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(series), frameon=False)
    return Plot(figure, f"{in_words(groups)}.")


def means(
    groups: Mapping[str, Mapping[str, Sequence[float]]],
    xlabel: str,
    title: str,
    colours: Sequence[str],
    digits: int = 1,
    chance: float = 0,
) -> Plot:
    """One row per group, in it one dot per series: its mean, the 95% interval as a line, and pale dots for its values.

    groups: {row: {series: values}}; every row has the same series, each with one of the colours. `chance` is dotted.
    """
    figure, ((ax,),) = new_axes(5, 1 + (0.2 + 0.175 * len(colours)) * len(groups))
    told = []
    for row, (group, series) in enumerate(groups.items()):
        for place, ((name, values), colour) in enumerate(zip(series.items(), colours, strict=True)):
            y, mean = row + 0.68 * (place - (len(series) - 1) / 2) / len(series), np.mean(values)
            ax.plot(values, [y] * len(values), "o", color=colour, markersize=4, alpha=0.25)
            ax.plot(interval(values), [y, y], color=colour, linewidth=4, alpha=0.5, solid_capstyle="butt")
            ax.plot(mean, y, "o", color=colour, markersize=8)
            words = f"{name}: {mean:z.{digits}f}".replace("-", "−")
            ax.text(1.03, y, words, color=colour, va="center", transform=ax.get_yaxis_transform())
            told.append(f"{group}, {words}")
    ax.axvline(chance, color="#777777" if chance else "#bbbbbb", linewidth=1, linestyle=":" if chance else "-")
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.5, -0.5), xlabel=xlabel)
    ax.set_title(title, fontsize=11)
    plain(ax, grid=False)
    return Plot(figure, f"{'; '.join(told)}.".replace("\n", " "))


def dumbbell(ax: Any, y: float, row_rates: Mapping[str, Rate], marks: Sequence[Mark], *, named: bool = False) -> None:
    """One row: a mark per series at its share, a line that joins them, and their 95% intervals above it.

    named: whether the marks go into the legend.
    """
    shares = [rate.share for rate in row_rates.values()]
    ax.plot([min(shares), max(shares)], [y, y], color="#cccccc", linewidth=4, zorder=1)
    for at, ((name, rate), mark) in enumerate(zip(row_rates.items(), marks, strict=False)):
        above, style = y - 0.32 + 0.09 * at, {"ms": mark.size, "mew": mark.edge, "mfc": mark.inside}
        ax.plot([rate.low, rate.high], [above, above], color=mark.colour, linewidth=1.5, alpha=0.6)
        label = name if named else None
        ax.plot([rate.share], [y], mark.shape, color=mark.colour, **style, ls="", label=label, zorder=2)


def share_axis(ax: Any, rows: Sequence[str], xlabel: str, *, grid: str = "#dddddd") -> None:
    """Names of rows on the left, without ticks, and shares from 0% to 100% below. grid: the colour of its lines."""
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xlim(-0.02, 1.02)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    plain(ax, grid=False)
    ax.grid(axis="x", color=grid)
    ax.set_axisbelow(True)


def shares_upward(ax: Any, *, grid: bool = True, **settings: Any) -> None:
    """Shares in per cent on the left, with pale lines. settings: as for `ax.set`."""
    ax.set(**settings)
    ax.yaxis.set_major_formatter("{x:.0%}")
    plain(ax, grid=grid)


def in_words(groups: Mapping[str, Mapping[str, Rate]]) -> str:
    """The counts of a figure, for its alternative text. groups: {row: {series: rate}}."""
    return "; ".join(
        f"{row}: " + ", ".join(f"{name} {rate.k} of {rate.n}" for name, rate in row_rates.items())
        for row, row_rates in groups.items()
    )
