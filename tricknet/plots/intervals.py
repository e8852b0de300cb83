"""Rates with their intervals: how many of n pictures survive, transfer or are fooled."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tricknet.colours import BLUE, GREEN, RED, grey
from tricknet.counting import Rate, interval
from tricknet.plots.charts import Plot, new_axes, plain, spread

SHADES = ["#000000", RED, BLUE, grey(9), GREEN]
LINE = 0.21  # inches, of a row's lines


def row_axes(names: Iterable[str], lines: float = 1, columns: int = 1) -> tuple[Figure, Any, Any]:
    """A figure, its axes side by side, and where each row begins on them: it has this many lines, LINE inches each.

    A row's name is a line above it, not beside it, where a telephone has no room for both.
    """
    tops = 1 + (lines + 1.3) * np.arange(len(names := list(names)))
    figure, (axes,) = new_axes(0.8 + LINE * (tops[-1] + lines), columns)
    for ax in axes:
        ax.set(ylim=(tops[-1] + lines - 0.3, -0.6), yticks=[])
        ax.spines[["left", "top", "right"]].set_visible(False)
    for top, name in zip(tops, names, strict=True):
        where, paper = axes[0].get_yaxis_transform(), {"facecolor": "white", "edgecolor": "none", "pad": 1}
        axes[0].text(0, top - 1, name.replace("\n", " "), va="center", transform=where, bbox=paper)
    return figure, axes, tops


def rates(groups: Mapping[str, Mapping[str, Rate]], xlabel: str = "") -> Plot:
    """One row per group, in it one dot per series: the share, with its 95% interval as a line, and "k of n" beside it.

    groups: {row: {series: rate}}; every row has the same series.
    """
    series = list(next(iter(groups.values())))
    figure, (ax,), tops = row_axes(groups, len(series))
    for top, row_rates in zip(tops, groups.values(), strict=True):
        for y, (name, rate), colour in zip(count(top), row_rates.items(), SHADES, strict=False):
            ax.plot([rate.low, rate.high], [y, y], color=colour, linewidth=2, alpha=0.5, solid_capstyle="butt")
            ax.plot([rate.share], [y], "o", color=colour, markersize=6, label=name)
            ax.text(1.03, y, f"{rate.k} of {rate.n}", color=colour, va="center")
    share_axis(ax, xlabel)
    key(ax, len(series))
    return Plot(figure, f"{in_words(groups)}.")


def curves(
    groups: Mapping[str, Mapping[Any, Rate]],
    xlabel: str,
    ylabel: str,
    *,
    title: str = "",
    colours: Sequence[str] = (RED, "#000000", BLUE, grey(9)),
) -> Plot:
    """A curve per group, with its name at the end: the share at each place, with its 95% interval as a line.

    groups: {name: {place: rate}}; every group has the same places: numbers, or words at equal distances.
    """
    figure, ((ax,),) = new_axes(3.4)
    places = list(next(iter(groups.values())))
    numbers = not any(isinstance(place, str) for place in places)
    xs = np.array(places, float) if numbers else np.arange(len(places))
    ends = spread({n: [*rates.values()][-1].share for n, rates in enumerate(groups.values())}, 0.08)
    for n, ((name, rates), colour) in enumerate(zip(groups.items(), colours, strict=False)):
        at = xs + (n - (len(groups) - 1) / 2) * (0.01 * np.ptp(xs))  # so that no line hides another
        shares, lows, highs = zip(*((rate.share, rate.low, rate.high) for rate in rates.values()), strict=True)
        ax.plot(at, shares, "o-", color=colour, linewidth=2, markersize=4)
        ax.vlines(at, lows, highs, color=colour, alpha=0.5, linewidth=2)
        ax.annotate(name, (1.02, ends[n]), xycoords=("axes fraction", "data"), color=colour, va="center")
    if not numbers:
        ax.set_xticks(xs, places)
    ax.set_title(title, fontsize=11)
    shares_upward(ax, ylim=(-0.03, 1.03), xlabel=xlabel, ylabel=ylabel)
    word = "at " * numbers
    counts = {name: {f"{word}{place}": rate for place, rate in rates.items()} for name, rates in groups.items()}
    return Plot(figure, f"{title or ylabel}: {in_words(counts)}.".replace("\n", " "))


def means(
    groups: Mapping[str, Mapping[str, Sequence[float]]],
    xlabel: str,
    title: str,
    *,
    colours: Sequence[str],
    digits: int = 1,
    chance: float = 0,
    factors: bool = False,
    values_too: bool = True,
) -> Plot:
    """One row per group, in it one dot per series: its mean, the 95% interval as a line, and pale dots for its values.

    groups: {row: {series: values}}; every row has the same series, each with one of the colours. `chance` is dotted.
    factors: the values are logarithms to base 2, and are written as what they multiply by. values_too: draw them.
    """
    figure, (ax,), tops = row_axes(groups, len(colours))
    descriptions = []
    for top, (group, series) in zip(tops, groups.items(), strict=True):
        for y, (name, values), colour in zip(count(top), series.items(), colours, strict=False):
            mean = np.mean(values)
            if values_too:
                ax.plot(values, [y] * len(values), "o", color=colour, markersize=4, alpha=0.25)
            ax.plot(interval(values), [y, y], color=colour, linewidth=4, alpha=0.5, solid_capstyle="butt")
            ax.plot(mean, y, "o", color=colour, markersize=8)
            words = f"{name}: {_times(mean) if factors else f'{mean:z.{digits}f}'}".replace("-", "−")
            ax.text(1.03, y, words, color=colour, va="center", transform=ax.get_yaxis_transform())
            descriptions.append(f"{group}, {words}")
    ax.axvline(chance, color=grey(8), linewidth=1, linestyle=":" if chance else "-", zorder=0)
    ax.set_xlabel(xlabel, x=0, ha="left")
    ax.locator_params(axis="x", nbins=6)
    if factors:
        ax.xaxis.set_major_formatter(_times)
    figure.suptitle(title, fontsize=11)
    return Plot(figure, f"{xlabel}: {'; '.join(descriptions)}.".replace("\n", " "))


def _times(doublings: float, _: object = None) -> str:
    return f"×{2**doublings:.2g}" if doublings >= 0 else f"×1/{2**-doublings:.2g}"


def seeds(
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    alt: str,
    *,
    faint: Sequence[str] = (),
    close_up: Mapping[str, tuple[float, float]] | None = None,
) -> Plot:
    """Charts side by side: a row for each setting, in it a dot for each network trained that way, and their range.

    panels: {what is counted: {setting: shares, 0..1}}; every panel has the same settings. faint: the controls among
    them, in grey. close_up: {what is counted: the ends of its axis}, if those aren't 0 and 1.
    """
    figure, axes, tops = row_axes(next(iter(panels.values())), columns=len(panels))
    descriptions = []
    for ax, (title, shares_of) in zip(axes, panels.items(), strict=True):
        for y, (name, shares) in zip(tops, shares_of.items(), strict=True):
            colour = grey(9) if name in faint else RED
            ax.plot(shares, [y] * len(shares), "o", color=colour, markersize=6, alpha=0.7, clip_on=False)
            words = f"{min(shares):.1%} to {max(shares):.1%}" if len(shares) > 1 else f"{shares[0]:.1%}"
            ax.text(1.04, y, words, va="center", transform=ax.get_yaxis_transform())
            descriptions.append(f"{title}, {name}: {words}")
        share_axis(ax, title, 55 if len(panels) == 1 else 22)
        ax.set_xlim((close_up or {}).get(title))
    return Plot(figure, f"{alt} {'; '.join(descriptions)}.")


def key(ax: Any, n: int) -> None:
    """The names of the first n things with a label, in their colours, above a figure."""
    handles, look = ax.get_legend_handles_labels()[0][:n], {"handlelength": 1, "handletextpad": 0.3, "columnspacing": 1}
    ax.figure.legend(handles=handles, loc="outside upper left", ncols=n, frameon=False, labelcolor="linecolor", **look)


def share_axis(ax: Any, xlabel: str, width: int = 60) -> None:
    """Shares from 0% to 100% below rows, with pale lines. width: of the words, in letters."""
    ax.set(xlim=(-0.02, 1.02), xlabel=fill(xlabel, width))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="x", color="#e8e8e8")
    ax.set_axisbelow(True)


def shares_upward(ax: Any, **settings: Any) -> None:
    """Shares in per cent on the left, with pale lines. settings: as for `ax.set`."""
    ax.set(**settings)
    ax.yaxis.set_major_formatter("{x:.0%}")
    plain(ax)


def in_words(groups: Mapping[str, Mapping[str, Rate]]) -> str:
    """The counts of a figure, for its alternative text. groups: {row: {series: rate}}."""
    return "; ".join(
        f"{row}: " + ", ".join(f"{name} {rate.k} of {rate.n}" for name, rate in row_rates.items())
        for row, row_rates in groups.items()
    )
