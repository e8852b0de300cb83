"""Lesson 5's figures: what a lead is worth, leads along a step, dots for photographs, and a map with two arrows."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.patheffects import withStroke

from tricknet.arrays import Numbers
from tricknet.colours import BLUE, GREEN, ORANGE, PINK, RED, SKY, grey
from tricknet.counting import interval
from tricknet.plots.charts import ACCENT, PLAIN, Plot, new_axes, plain, spread
from tricknet.plots.intervals import row_axes, shares_upward

STYLES: dict[str, dict[str, Any]] = {  # of curves, by their names; others are grey
    "promised": {"color": grey(3), "linestyle": "--"},
    "as it is": {"color": RED, "linewidth": 2.5},
    "ReLUs frozen": {"color": BLUE},
    "max-pooling frozen": {"color": GREEN},
    "both frozen": {"color": PINK, "linewidth": 2.5},
    "each score straight": {"color": grey(3), "linestyle": ":", "linewidth": 2},
}


def sure(lead: float = 12.44) -> Plot:
    """Lesson 4's sigmoid over the lead of a class, with a disc and the slope at this lead."""
    figure, ((ax,),) = new_axes(2.6)
    leads, near = np.linspace(-15, 15, 301), np.array([-3, 3])
    p = 1 / (1 + np.exp(-lead))
    for left in (-15, 5):
        ax.axvspan(left, left + 10, color=grey(14), zorder=0)
        ax.text(left + 5, 0.5, "flat here", ha="center", va="center", fontsize=11)
    ax.plot(leads, 1 / (1 + np.exp(-leads)), color=BLUE, linewidth=2)
    ax.plot(lead + near, p + p * (1 - p) * near, color=ACCENT, linewidth=3, solid_capstyle="round")
    ax.plot(lead, p, "o", color=ACCENT, markersize=8)
    shares_upward(ax, xlim=(-15, 15), ylim=(-0.1, 1.1), xlabel="lead of the class", ylabel="probability")
    ax.set_title(f"lead {lead:.1f}, probability {p:.4%}".replace("-", "−"), fontsize=10)
    return Plot(figure, f"The sigmoid, flat on both sides. At a lead of {lead:.1f} it is {p:.4%}.")


def leads(curves: Mapping[str, Numbers], alt: str) -> Plot:
    """The lead along one step, evenly spaced from 0 to 1: a curve for each name, written at its end."""
    figure, ((ax,),) = new_axes(3.6)
    heights = spread({i: float(curve[-1]) / 20 for i, curve in enumerate(curves.values())}, 0.075)  # of leads up to 20
    for i, (name, curve) in enumerate(curves.items()):
        style = {"linewidth": 1.5, "color": grey(8)} | STYLES.get(name, {})
        ax.plot(np.linspace(0, 1, len(curve)), curve, **style)
        ax.annotate(name, (1.02, 20 * heights[i]), color=style["color"], va="center", annotation_clip=False)
    ax.axhline(0, color=grey(9), linewidth=1)
    ax.text(0.01, -0.2, "below: something else", color=grey(5), va="top")
    ax.set(xlim=(0, 1), xlabel="how far each value has moved (pixel values)", ylabel="lead of the panda")
    plain(ax)
    return Plot(figure, alt)


def dots(rows: Mapping[str, Sequence[float]], xlabel: str) -> Plot:
    """A row of dots for each name, one dot for each photograph, and above them the mean with its 95% interval."""
    (figure, (ax,), tops), words = row_axes(rows, 2.7), []
    for y, (name, values) in zip(tops, rows.items(), strict=True):
        mean, (low, high) = float(np.mean(values)), interval(values)
        ax.plot(np.sort(values), y + 0.9 + np.arange(len(values)) % 3 / 2, "o", color=PLAIN, markersize=5, alpha=0.8)
        ax.plot([low, high], [y] * 2, color="black", linewidth=2)
        ax.plot(mean, y, "o", color="black", markersize=6)
        ax.text(high, y, f"  {mean:.0%}".replace("-", "−"), va="center")
        words.append(f"{name}: {mean:.0%} on average, 95% interval {low:.0%} to {high:.0%}")
    ax.set(xlabel=xlabel)
    for x in (0, 1):
        ax.axvline(x, color=grey(9), linewidth=1, zorder=0)
    ax.xaxis.set_major_formatter("{x:.0%}")
    return Plot(figure, f"A dot for each photograph. {'; '.join(words)}.")


def farther(times: Sequence[float], most: Sequence[bool]) -> Plot:
    """How many times as large noise must be: a dot for each photograph.

    An arrow for those in `most`, for which even the largest noise is too little.
    """
    figure, ((ax,),) = new_axes(2.2)
    order = np.argsort(times)
    for y, i in enumerate(order):
        ax.plot(times[i], y, ">" if most[i] else "o", markersize=5, color=ACCENT if most[i] else BLUE)
    middle = float(np.median(times))
    ax.axvline(middle, color=grey(9), linewidth=1)
    ax.text(middle * 1.03, 0, f"half of them: {middle:.0f} or more", va="center")
    ax.set_xscale("log")
    ax.set_xticks(ticks := [10, 20, 50, 100, 200], list(map(str, ticks)))
    ax.minorticks_off()
    ax.set(xlim=(8, 300), xlabel="how many times as large the noise must be")
    ax.set(yticks=[], ylabel=f"{len(times)} photographs")
    plain(ax, grid=False)
    alt = f"The noise must be {min(times):.0f} to {max(times):.0f} times as large; half need {middle:.0f} or more."
    return Plot(figure, f"{len(times)} photographs. {alt}")


def plane(
    scores: Numbers, sizes: Numbers, walk: Sequence[tuple[float, float]], names: Mapping[int, str], *, epsilon: float
) -> Plot:
    """A map of the classes that win on a plane through the panda, and a walk on it as arrows.

    scores: of all classes at each point (rows upwards x columns to the right x classes). sizes: how far the points lie
    from the panda, in pixel values. walk: its points (to the right, upwards). names: the classes to colour.
    epsilon: the budget to frame. Where two patterns of signs agree, both ways add up, so its frame is a diamond.
    """
    figure, ((ax,),) = new_axes(4.6)
    ax.set_facecolor(grey(14))
    for (label, name), colour in zip(names.items(), (SKY, ORANGE, RED), strict=True):
        ahead = scores[..., label] - np.delete(scores, label, axis=-1).max(axis=-1)
        ax.contourf(sizes, sizes, ahead, levels=[0, np.inf], colors=[colour])
        rows, columns = np.nonzero(ahead > 0)
        place = np.median(sizes[columns]), np.percentile(sizes[rows], 25)  # below its middle, where no arrow runs
        words = ax.text(*place, name, ha="center", va="center", fontsize=11)
        words.set_path_effects([withStroke(linewidth=3, foreground="white")])
    ax.plot([epsilon, 0, -epsilon, 0, epsilon], [0, epsilon, 0, -epsilon, 0], "--", color="black", linewidth=1)
    ax.plot(*walk[0], "o", color="black", markersize=8)
    for start, end in pairwise(walk):
        arrow = {"arrowstyle": "-|>", "linewidth": 2.5, "color": "black", "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=arrow)
    ax.set(aspect="equal", xlabel="along one gradient's signs", ylabel="along what thirty steps add up to")
    ends = ", then ".join(f"{right:.1f} to the right and {up:.1f} up" for right, up in walk[1:])
    alt = f"A map with regions of {', '.join(names.values())}. A diamond frames an epsilon of {epsilon:g}."
    return Plot(figure, f"{alt} Arrows lead to {ends}.")
