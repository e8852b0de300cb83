"""Lesson 2's figures: what steps do to a probability, and the way to a paper towel."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet.arrays import Floats
from tricknet.colours import BLUE, grey
from tricknet.counting import interval
from tricknet.networks.labels import Labels
from tricknet.plots.charts import ACCENT, Plot, draw_steps, new_axes
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


def curves(history: Floats, classes: Sequence[int], labels: Labels, controls: Mapping[str, Floats]) -> Plot:
    """Probabilities over ten steps: history is steps x all classes; controls: the first one's, on two other walks."""
    figure, ((ax,),) = new_axes(3.2)
    for (name, values), style, y in zip(controls.items(), ("dashed", "dotted"), (-0.02, 0.08), strict=True):
        ax.plot(values, color=BLUE, linestyle=style)
        ax.annotate(f"{name} ({style})", (10.15, y), color=BLUE, va="center", annotation_clip=False)
    draw_steps(ax, history, classes, labels)
    ends = ", ".join(f"{labels[c]} from {history[0, c]:.1%} to {history[-1, c]:.1%}" for c in classes)
    others = ", ".join(f"{values[-1]:.1%} {name}" for name, values in controls.items())
    return Plot(figure, f"Ten steps: {ends}. The first ends at {others}.")
