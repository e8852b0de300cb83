"""Lesson 4's charts: the sigmoid, lines that lean, and what makes a straight line easy to fool."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessons.straight_line.linear import Fit, Line
from tricknet.arrays import Picture
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.pictures import show, signed
from tricknet.plots.sheet import Sheet

EDGE = 8  # the sigmoid is drawn for scores from -EDGE to EDGE


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


def sinking(fits: Mapping[int, Fit], fair: Mapping[int, Fit] | None = None) -> Plot:
    """The median of the smallest epsilon against the number of inputs (the keys), each with its 95% interval.

    fair: the same for lines that pay the same for their weights at all sizes, drawn as a second curve.
    """
    figure, ((ax,),) = new_axes(7, 3)
    inputs = list(fits)
    curves = [("as we trained them", fits, PALETTE[0])] + ([("charged alike", fair, PALETTE[5])] if fair else [])
    words = []
    for name, curve, colour in curves:
        found = list(curve.values())
        epsilon = [fit.epsilon for fit in found]
        bars = [[fit.epsilon - fit.low for fit in found], [fit.high - fit.epsilon for fit in found]]
        ax.errorbar(inputs, epsilon, bars, color=colour, marker="o", linewidth=2, capsize=3, label=name)
        _accuracies(ax, curve, below=fair is not None and curve is fits)
        numbers = (f"{n:,} inputs: {fit.epsilon:.1f} ({fit.low:.1f} to {fit.high:.1f})" for n, fit in curve.items())
        words.append(f"{name.capitalize()}: {'; '.join(numbers)}.")
    ax.set_xscale("log")
    ax.set_xticks(inputs, [f"{n:,}" for n in inputs])
    ax.minorticks_off()
    ax.set_xlim(inputs[0] / 2, inputs[-1] * 2)
    ax.set_ylim(0, max(fit.high for fit in fits.values()) * 1.2)
    ax.set_xlabel("inputs")
    ax.set_ylabel("smallest epsilon, median")
    ax.set_title(f"{fits[inputs[0]].right.n} held-out squares; bars: 95% intervals", fontsize=10, color="#555555")
    if fair:
        ax.legend(frameon=False, loc="lower left")
    plain(ax)
    return Plot(figure, f"The median of the smallest epsilon over the number of inputs. {' '.join(words)}")


def _accuracies(ax: Any, fits: Mapping[int, Fit], below: bool) -> None:
    """Write each point's accuracy above its interval, or below it."""
    for x, fit in fits.items():
        at, offset = ((x, fit.low), (0, -14)) if below else ((x, fit.high), (0, 5))
        ax.annotate(f"{fit.right.share:.0%} right", at, offset, textcoords="offset points", ha="center")


APART, STRAYS = 60, np.array([[16.0, -24], [-16, 24]])  # of the drawing: half the way, and two points out of place


def lean(degrees: float) -> Plot:
    """Two clouds of points, divided by an upright line (left) and by one that leans by so many degrees (right).

    The squares hold all moves of up to epsilon from the clouds' centres: a corner touches the line.
    """
    figure, (axes,) = new_axes(9.5, 3.6, 2)
    words = [_divide(ax, angle) for ax, angle in zip(axes, (0, degrees), strict=True)]
    return Plot(figure, f"Two flat clouds of points. Left: {words[0]}. Right: {words[1]}.")


def _divide(ax: Any, degrees: float) -> str:
    """Draw the clouds and one line; what is seen, in words."""
    rng = np.random.default_rng(1)
    clouds = [rng.normal((side * APART, 0), (13, 5), (40, 2)) for side in (-1, 1)]
    points = np.concatenate([*clouds, STRAYS])
    orange = np.repeat([False, True, False, True], [40, 40, 1, 1])
    across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    right, epsilon = int(((points @ across > 0) == orange).sum()), APART * across[0] / across.sum()
    for one, colour in ((~orange, PALETTE[0]), (orange, PALETTE[1])):
        ax.scatter(*points[one].T, s=14, color=colour)
    along = 200 * np.array([-across[1], across[0]])
    ax.plot(*np.stack([-along, along]).T, color="black", linewidth=2)
    for side in (-1, 1):
        corner = (side * APART - epsilon, -epsilon)
        ax.add_patch(Rectangle(corner, 2 * epsilon, 2 * epsilon, fill=False, edgecolor=PALETTE[5], linewidth=1.5))
    ax.set(xlim=(-130, 130), ylim=(-70, 70), aspect="equal", xticks=[], yticks=[])
    ax.set_title(f"tilt {degrees:.0f}°: {right} of {len(points)} right, epsilon {epsilon:.0f}", fontsize=11)
    return f"a line with a tilt of {degrees:.0f}° gets {right} of {len(points)} right, and its epsilon is {epsilon:.0f}"


def hardened(lines: Mapping[str, Line], epsilons: Mapping[str, Any], side: int) -> Plot:
    """The templates of lines of two classes, and how many pictures are still right at each epsilon.

    lines: by name. epsilons: for each name, the smallest epsilon of every held-out picture (0 or less: wrong already).
    """
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    *maps, ax = figure.subplots(1, len(lines) + 1, width_ratios=[1] * len(lines) + [1.9])
    reach, words = np.arange(0, 101), []
    for picture, (name, line), colour in zip(maps, lines.items(), (PALETTE[5], PALETTE[0]), strict=True):
        template = (line.weights[1] - line.weights[0]).reshape(side, side)
        scale = np.abs(template).max()
        picture.imshow(template, cmap="gray", vmin=-scale, vmax=scale)
        used = int((np.abs(template) > scale / 1000).sum())
        picture.set(xticks=[], yticks=[], xlabel=f"{used} of {template.size} weights used")
        picture.set_title(name, color=colour, fontsize=11)
        shares = np.array([(epsilons[name] > epsilon).mean() for epsilon in reach])
        ax.plot(reach, shares, color=colour, linewidth=2, label=name)
        words.append(
            f"{name}: {used} weights used, {shares[0]:.0%} right at first, {shares[48]:.0%} at an epsilon of 48"
        )
    ax.set(xlim=(0, 100), ylim=(0, 1.03), xlabel="epsilon of the worst perturbation", ylabel="still right")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_title(f"{len(next(iter(epsilons.values())))} held-out digits", fontsize=10, color="#555555")
    ax.legend(frameon=False, loc="lower left")
    plain(ax)
    return Plot(figure, f"Templates, and the share that is still right as epsilon grows. {'; '.join(words)}.")


def against_epsilon(fits: Mapping[int, Sequence[Fit]], majority: float) -> Plot:
    """Accuracy against epsilon, and tilt against epsilon: one curve for each number of inputs (the keys).

    The points of a curve go from strongly to weakly regularised. `majority`: the share of the commonest class.
    """
    figure, ((left, right),) = new_axes(10, 4, 2)
    colours = colormaps["plasma"](np.linspace(0, 0.9, len(fits)))
    for (inputs, row), colour in zip(fits.items(), colours, strict=True):
        style = {"color": colour, "marker": "o", "markersize": 4, "linewidth": 1.3}
        epsilon, shares = [fit.epsilon for fit in row], [fit.right.share for fit in row]
        along = [[f.epsilon - f.low for f in row], [f.high - f.epsilon for f in row]]
        left.errorbar(shares, epsilon, along, ecolor=(*colour[:3], 0.3), **style)
        right.plot([fit.tilt for fit in row], epsilon, label=f"{inputs:,}", **style)
    left.axvline(majority, color="#777777", linestyle=":")
    left.annotate("always the\ncommonest", (majority, 1), xytext=(5, 0), textcoords="offset points", fontsize=9)
    left.set_xlabel("accuracy on held-out squares (give or take 3 points)")
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
    right.legend(title="inputs", frameon=False, loc="lower left")
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
