"""Lesson 2's figures: coin tosses beside the gradient's signs, what changed, and the way there."""

from collections.abc import Sequence

from tricknet.arrays import Floats
from tricknet.colours import grey
from tricknet.networks.labels import Labels
from tricknet.plots.charts import ACCENT, Plot, draw_steps, new_axes, plain

POINTS = {"textcoords": "offset points"}


def directions(random: Sequence[float], along: float, promised: float) -> Plot:
    """How much random steps change the probability of "paper towel", and how much a step along the gradient's signs.

    promised: what the second would have gained on a straight line.
    """
    figure, ((ax,),) = new_axes(2.4)
    heights, _, _ = ax.hist(random, bins=12, color=grey(9))
    ax.axvline(0, color="black", linewidth=1)
    ax.axvline(along, color=ACCENT, linewidth=3)
    ax.axvline(promised, color=ACCENT, linewidth=1.5, linestyle="dashed")
    top, helped = max(heights), sum(change > 0 for change in random)
    words = f"coin tosses:\n{helped} of {len(random)} help"
    ax.annotate(words, (max(*random, 0), 0.9 * top), (8, 0), va="center", **POINTS)
    for where, words in [(along, "the signs of\nthe gradient:"), (promised, "what the slopes\nhad promised:")]:
        words = f"{words} {100 * where:+.1f}"
        ax.annotate(words, (where, top / 2), (-8, 0), ha="right", va="center", color=ACCENT, **POINTS)
    ax.set(ylim=(0, top * 1.1), yticks=[])
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+.0f}" if round(100 * x) else "0")
    plain(ax, grid=False)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel('change in the probability of "paper towel", in percentage points')
    alt = (
        f"A histogram. {len(random)} random steps change the probability by {100 * min(random):+.1f} to "
        f"{100 * max(random):+.1f} percentage points, and {helped} of them raise it. One step along the signs of the "
        f"gradient changes it by {100 * along:+.1f}, where the slopes had promised {100 * promised:+.1f}."
    )
    return Plot(figure, alt)


def curves(history: Floats, classes: Sequence[int], labels: Labels) -> Plot:
    """The probabilities of some classes over the steps: history is steps x all classes."""
    figure, ((ax,),) = new_axes(3.2)
    draw_steps(ax, history, classes, labels)
    last = ", ".join(f"{labels[c]} from {history[0, c]:.1%} to {history[-1, c]:.1%}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps: {last}.")
