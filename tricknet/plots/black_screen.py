"""Lesson 2's charts: random directions beside the gradient's sign, and the probabilities over the steps."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from tricknet.networks.labels import Labels
from tricknet.plots.charts import PALETTE, Plot, draw_steps, plain

ACCENT = PALETTE[5]
POINTS = {"textcoords": "offset points"}


def directions(cases: Mapping[str, tuple[Sequence[float], float]]) -> Plot:
    """For each case by name: how much random steps change a probability, and how much the gradient's sign does."""
    figure = Figure(figsize=(8, 1.1 + 1.5 * len(cases)), layout="constrained")
    rows = figure.subplots(len(cases), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, (random, along)) in zip(rows, cases.items(), strict=True):
        heights, _, _ = ax.hist(random, bins=12, color="#999999")
        ax.axvline(0, color="black", linewidth=1)
        ax.axvline(along, color=ACCENT, linewidth=3)
        top = max(heights)
        words = {"va": "center", "fontsize": 9}
        ax.annotate(f"{len(random)} random directions", (max(*random, 0), top / 2), (8, 0), **words, **POINTS)
        ax.annotate(
            f"the gradient's sign: {100 * along:+.1f}",
            (along, top / 2),
            (-6, 0),
            ha="right",
            color=ACCENT,
            **words,
            **POINTS,
        )
        ax.set_ylim(0, top * 1.1)
        ax.set_yticks([])
        ax.set_title(name, fontsize=10, loc="left")
        ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+.0f}" if round(100 * x) else "0")
        plain(ax, grid=False)
        ax.spines["left"].set_visible(False)
    rows[-1].set_xlabel('change of the probability of "paper towel", in percentage points')
    alt = "; ".join(
        f"{name}: {len(random)} random directions change the probability by {100 * min(random):+.1f} to "
        f"{100 * max(random):+.1f} percentage points, the gradient's sign by {100 * along:+.1f}"
        for name, (random, along) in cases.items()
    )
    return Plot(figure, f"Histograms. {alt}.")


def curves(history: np.ndarray, classes: Sequence[int], labels: Labels) -> Plot:
    """The probabilities of some classes over the steps: history is steps x all classes."""
    figure = Figure(figsize=(7.5, 3.2), layout="constrained")
    draw_steps(figure.subplots(), history, classes, labels)
    last = ", ".join(f"{labels[c]} from {history[0, c]:.1%} to {history[-1, c]:.1%}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps: {last}.")
