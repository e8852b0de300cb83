"""Rates with their intervals: lessons 8, 9 and 13, where k of n pictures survive, travel or stand."""

from collections.abc import Mapping

from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

SHADES = ["#000000", PALETTE[5], PALETTE[0], PALETTE[6]]


def rates(groups: Mapping[str, Mapping[str, Rate]], xlabel: str = "", alt: str = "") -> Plot:
    """One row per group, in it one dot per series: the share, with its 95% interval as a line, and "k of n" beside it.

    groups: {row: {series: rate}}; every row has the same series.
    """
    series = list(next(iter(groups.values())))
    figure, ((ax,),) = new_axes(8, 0.7 + 0.2 * len(groups) * (len(series) + 0.8))
    for row, found in enumerate(groups.values()):
        for place, (name, rate) in enumerate(found.items()):
            y = row + (place - (len(series) - 1) / 2) / (len(series) + 0.8)
            colour = SHADES[series.index(name)]
            ax.plot([rate.low, rate.high], [y, y], color=colour, linewidth=2, alpha=0.5, solid_capstyle="butt")
            ax.plot([rate.share], [y], "o", color=colour, markersize=6, label=name if row == 0 else None)
            ax.text(1.03, y, f"{rate.k} of {rate.n}", color=colour, fontsize=8, va="center")
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(-0.02, 1.02)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    plain(ax, grid=False)
    ax.grid(axis="x", color="#dddddd")
    ax.set_axisbelow(True)
    for edge in range(1, len(groups)):
        ax.axhline(edge - 0.5, color="#eeeeee", linewidth=0.8)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(series), frameon=False)
    said = "; ".join(
        f"{row}: " + ", ".join(f"{name} {rate.k} of {rate.n}" for name, rate in found.items())
        for row, found in groups.items()
    )
    return Plot(figure, f"{alt} {said}.".strip())
