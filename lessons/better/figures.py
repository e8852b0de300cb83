"""Lesson 14's figures: two networks as they learn, what tells twins apart, shares against epsilon, dots for seeds."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet.arrays import Numbers
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes
from tricknet.plots.intervals import share_axis, shares_upward
from tricknet.plots.pictures import FAILS, HOLDS

COLOURS = ["#777777", HOLDS]  # of a plain network, and of one that is trained on tricks: lesson 13 has them too


def learning(mine: Mapping[str, Numbers], stored: Mapping[str, Sequence[Numbers]], found: Mapping[str, str]) -> Plot:
    """How much of each new batch is right at first sight: a bold line for each network, and faint ones for stored runs.

    mine: shares, one for each batch. stored: per cent, a mean over each ten batches. found: of each of mine, in words.
    """
    figure, ((ax,),) = new_axes(7.5, 3)
    words: list[str] = []
    for (name, firsts), colour in zip(mine.items(), COLOURS, strict=False):
        for curve in stored[name]:
            ax.plot(10 * np.arange(1, len(curve) + 1) - 5, np.divide(curve, 100), color=colour, alpha=0.25)
        tens = [np.mean(firsts[i : i + 10]) for i in range(0, len(firsts), 10)]
        ax.plot(10 * np.arange(1, len(tens) + 1) - 5, tens, color=colour, linewidth=2.5)
        ax.set_title(f"{name}: {found[name]}", loc="right" if words else "left", color=colour, fontsize=10)
        words.append(f"{name}: from {tens[0]:.0%} to {tens[-1]:.0%}, and {found[name]}")
    shares_upward(ax, ylim=(0, 1), xlabel="batches", ylabel="right at first sight")
    return Plot(figure, f"Two curves that rise and level off. {'; '.join(words)}. Faint: five stored runs of each.")


def twins(panels: Mapping[str, Mapping[int, Mapping[str, Sequence[float]]]]) -> Plot:
    """A panel for each count: for each number of batches a line for each pair, from one twin's share to the other's."""
    figure, (row,) = new_axes(2.1 * len(panels), 3, len(panels))
    words = []
    for ax, (title, groups) in zip(row, panels.items(), strict=True):
        for left, (batches, both) in zip((0, 1.8), groups.items(), strict=True):
            for pair in zip(*both.values(), strict=True):
                ax.plot([left, left + 1], pair, color="#cccccc", zorder=1)
                ax.scatter([left, left + 1], pair, color=COLOURS, zorder=2)
            words += [f"{title}, {batches}: {name} {min(one):.0%} to {max(one):.0%}" for name, one in both.items()]
        ax.set_xticks([0.5, 2.3], list(groups))
        ax.set_title(title, fontsize=11)
        shares_upward(ax, xlabel="batches", xlim=(-0.4, 3.2), ylim=(0, 1))
        ax.tick_params(labelleft=ax is row[0])
    for height, name, colour in zip((0.17, 0.06), both, COLOURS, strict=True):
        row[0].text(0, height, name, color=colour, fontsize=11, weight="bold")
    return Plot(figure, f"Each line joins the two networks of a pair. {'; '.join(words)}.")


def lines(series: Mapping[str, Mapping[float, Rate]], xlabel: str, ylabel: str) -> Plot:
    """One line for each name: shares with their 95% intervals, against a number such as epsilon."""
    figure, ((ax,),) = new_axes(7.5, 3.2)
    words = []
    for (name, rates), colour in zip(series.items(), COLOURS, strict=True):
        xs, lows, highs = list(rates), [rate.low for rate in rates.values()], [rate.high for rate in rates.values()]
        ax.fill_between(xs, lows, highs, color=colour, alpha=0.2, linewidth=0)
        ax.plot(xs, [rate.share for rate in rates.values()], "o-", color=colour, linewidth=2, markersize=4)
        half = max(x for x, rate in rates.items() if rate.share > 0.45)
        ax.text(half + 2, rates[half].share, name, color=colour, fontsize=11, weight="bold")
        words.append(f"{name}: " + ", ".join(f"{rate.share:.0%} at {x:g}" for x, rate in rates.items()))
    shares_upward(ax, ylim=(0, 1), xlabel=xlabel, ylabel=ylabel)
    return Plot(figure, f"The {ylabel}, against {xlabel}, with 95% intervals. {'; '.join(words)}.")


def seeds(groups: Mapping[str, Sequence[float]], xlabel: str, alt: str, *, chance: float) -> Plot:
    """A row for each name, in it a dot for each seed and the range in words. A dotted line marks a guesser's share."""
    figure, ((ax,),) = new_axes(8, 0.9 + 0.55 * len(groups))
    ax.axvline(chance, color="#666666", linewidth=1, linestyle=":")
    ax.text(chance, -0.62, " a guess", color="#666666", fontsize=9)
    words = []
    for row, ((name, found), colour) in enumerate(zip(groups.items(), (FAILS, PALETTE[0], "#777777"), strict=True)):
        ax.plot(found, [row] * len(found), "o", color=colour, markersize=8, alpha=0.5, clip_on=False)
        words.append(f"{name}: {min(found):.1%} to {max(found):.1%}")
        ax.text(max(*found, chance) + 0.015, row, words[-1].split(": ")[1], color=colour, va="center")
    ax.set_ylim(len(groups) - 0.5, -0.5)
    share_axis(ax, list(groups), xlabel)
    ax.set_xlim(-0.01, 0.61)
    return Plot(figure, f"{alt} {'; '.join(words)}.")
