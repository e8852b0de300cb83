"""Lesson 2's figures: what steps do to a probability, the way to a paper towel, and how far the values have moved."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import binom

from tricknet.arrays import Floats
from tricknet.colours import BLUE, grey
from tricknet.counting import interval
from tricknet.networks.labels import Labels
from tricknet.plots.charts import ACCENT, Plot, draw_steps, new_axes, plain
from tricknet.plots.intervals import row_axes


def changes(kinds: Mapping[str, Sequence[float]]) -> Plot:
    """What steps from nothing do to "paper towel": a row for each kind of step, in it a dot for each step.

    kinds: {kind of step: changes of the probability, -1..1}. Of several, the mean and its 95% interval are drawn too.
    """
    figure, (ax,), tops = row_axes(kinds)
    said = 'From nothing, change in the probability of "paper towel",\nin percentage points'
    ax.axvline(0, color=grey(8), linewidth=1, zorder=0)
    ax.set_xlabel(said, x=0, ha="left")
    for top, (kind, values) in zip(tops, kinds.items(), strict=True):
        points, colour = 100 * np.array(values), ACCENT if kind.startswith("along") else "black"
        ax.plot(points, [top] * len(points), "o", color=colour, markersize=5, alpha=1 if len(points) == 1 else 0.2)
        words = f"{points.mean():+.1f}".replace("-", "−")
        if len(points) > 1:
            ax.plot(interval(points), [top, top], color=colour, linewidth=5, solid_capstyle="butt")
            words += f", {(points > 0).sum()} of {len(points)} up"
        ax.text(1.03, top, words, color=colour, va="center", transform=ax.get_yaxis_transform())
        said += f"; {kind}: {words}"
    return Plot(figure, f"{said}.".replace("\n", " "))


def curves(history: Floats, classes: Sequence[int], labels: Labels, against: Sequence[float]) -> Plot:
    """Probabilities over ten steps: history is steps x all classes; against: the first one's, against its signs."""
    figure, ((ax,),) = new_axes(3.2)
    ax.plot(against, color=BLUE, linestyle="dashed")
    ax.annotate("against the\nsigns", (10.15, 0), color=BLUE, va="center", annotation_clip=False)
    draw_steps(ax, history, classes, labels)
    ends = ", ".join(f"{labels[c]} from {history[0, c]:.1%} to {history[-1, c]:.1%}" for c in classes)
    return Plot(figure, f"Ten steps: {ends}. Against its signs, the first ends at {against[-1]:.1%}.")


def moves(x: Floats) -> Plot:
    """How far the values of x have come in ten steps of 0.1 up or down, and what ten coin tosses for each would do."""
    figure, ((ax,),) = new_axes(2.4)
    places, coins = np.linspace(-1, 1, 11), binom.pmf(range(11), 10, 0.5)
    shares, kept = np.array([np.isclose(x, place, atol=0.1).mean() for place in places]), np.abs(places) > 0.5
    ax.bar(places, shares, 0.15, color=np.where(kept, ACCENT, grey(10)))
    ax.plot(places, coins, "o", color="black", markersize=5)
    ax.text(1.4, 0.2, "dots: ten coin tosses", ha="right")
    ax.text(1.4, 0.14, "rounding keeps these", ha="right", color=ACCENT)
    ax.set(xticks=places[1::2], xlim=(-1.2, 1.4), xlabel="how far a value has moved", ylabel="share of the values")
    ax.yaxis.set_major_formatter("{x:.0%}")
    plain(ax)
    alt = f"A bell, almost as of coin tosses. Rounding keeps the moves of {shares[kept].sum():.0%} of the values."
    return Plot(figure, alt)
