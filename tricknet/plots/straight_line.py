"""Lesson 4's charts: the sigmoid, and what the smallest epsilon of a straight line does and does not depend on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps

from tricknet.arrays import Picture
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes
from tricknet.plots.pictures import show, signed
from tricknet.plots.sheet import Sheet

EDGE = 8  # the sigmoid is drawn for scores from -EDGE to EDGE


class Fit(NamedTuple):
    """One kind of straight line, measured on pictures that it was not trained on."""

    right: Rate  # how many of the pictures it gets right
    epsilon: float  # the median of the smallest epsilon that fools, in pixel values, over those
    low: float  # the 95% interval of that median
    high: float
    tilt: float  # degrees between its weights and the line from one class's average to another's


def sigmoid(score: float) -> Plot:
    """The sigmoid from -8 to 8, with `score` on it, or an arrow towards `score` where it lies outside."""
    figure, ((ax,),) = new_axes(7, 2.6)
    z = np.linspace(-EDGE, EDGE, 200)
    ax.plot(z, _sigmoid(z), color=PALETTE[0], linewidth=2)
    ax.axhline(0.5, color="#cccccc", linewidth=1, zorder=0)
    shown = float(np.clip(score, -EDGE, EDGE))
    ax.plot(shown, _sigmoid(shown), "o", color=PALETTE[5], markersize=9)
    beyond = "" if shown == score else f", {abs(score) / EDGE:.0f} times as far out as this edge"
    where = (EDGE, 0.25) if score > 0 else (-EDGE, 0.7)  # the corners that the curve leaves empty
    ax.annotate(f"score {score:,g}{beyond}", where, ha="right" if score > 0 else "left")
    ax.set_xlabel("score")
    ax.set_ylabel("probability")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.spines[["top", "right"]].set_visible(False)
    alt = "The sigmoid, an S-shaped curve from 0% at a score of −8 through 50% at 0 to 100% at 8."
    return Plot(figure, f"{alt} Marked: a score of {score:,g}, which is a probability of {_sigmoid(score):.1%}.")


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def against_epsilon(fits: Mapping[int, Sequence[Fit]], majority: float) -> Plot:
    """Accuracy against epsilon, and tilt against epsilon: one curve for each number of inputs (the keys).

    The points of a curve go from strongly to weakly regularised. `majority`: the share of the commonest class.
    """
    figure, ((left, right),) = new_axes(10, 4, 2)
    colours = colormaps["viridis"](np.linspace(0, 0.92, len(fits)))
    for (inputs, row), colour in zip(fits.items(), colours, strict=True):
        style = {"color": colour, "marker": "o", "markersize": 4, "linewidth": 1.3}
        epsilon, shares = [fit.epsilon for fit in row], [fit.right.share for fit in row]
        across = [[f.right.share - f.right.low for f in row], [f.right.high - f.right.share for f in row]]
        along = [[f.epsilon - f.low for f in row], [f.high - f.epsilon for f in row]]
        left.errorbar(shares, epsilon, along, across, ecolor=(*colour[:3], 0.2), label=f"{inputs:,}", **style)
        right.plot([fit.tilt for fit in row], epsilon, **style)
    left.axvline(majority, color="#777777", linestyle=":")
    left.annotate("always the\ncommonest", (majority, 1), xytext=(5, 0), textcoords="offset points", fontsize=9)
    left.set_xlabel("accuracy on held-out squares (crosses: 95% intervals)")
    left.xaxis.set_major_formatter("{x:.0%}")
    right.set_xlim(0, 90)
    right.sharey(left)
    right.set_xlabel("tilt in degrees")
    for ax in (left, right):
        ax.set_ylabel("median of the smallest epsilon")
        ax.set_ylim(0)
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="#eeeeee")
        ax.set_axisbelow(True)
    left.legend(title="inputs", frameon=False, loc="lower left", bbox_to_anchor=(0.12, 0.12))
    ends = "; ".join(
        f"{inputs:,} inputs from {row[0].right.share:.0%} and {row[0].epsilon:.1f} "
        f"to {row[-1].right.share:.0%} and {row[-1].epsilon:.1f}"
        for inputs, row in fits.items()
    )
    return Plot(
        figure,
        "Left: accuracy against epsilon. The curves of all sizes lie on one another until about 77%; then those of "
        f"the larger sizes drop. Right: tilt against epsilon, where all curves are nearly one. Accuracy and epsilon "
        f"of the ends: {ends}.",
    )


def fooled(before: Picture, after: Picture, was: str, becomes: str, enlarge: int) -> Sheet:
    """A picture of a linear classifier (uint8, grey or RGB), its perturbation at full contrast, and their sum."""
    perturbation = after.astype(int) - before
    epsilon = int(np.abs(perturbation).max())
    titles = [f"says {was}", f"±{epsilon} out of 255,\nat full contrast", f"says {becomes}"]
    alt = (
        f"Left: a picture that the classifier takes for {was}. Middle: the perturbation, which can be seen. "
        f"Right: the sum, in which a person still recognises the left picture, and which the classifier takes for "
        f"{becomes}."
    )
    return show([before, signed(perturbation, epsilon), after], titles, alt, enlarge)
