"""Lesson 4's figures: the sigmoid, a line that leans, GoogLeNet close up, and colours to mix."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from tricknet.arrays import Doubles
from tricknet.colours import BLUE, ORANGE, PALETTE, RED, grey
from tricknet.island import Island
from tricknet.plots.charts import Plot, new_axes, plain
from tricknet.plots.intervals import shares_upward
from tricknet.plots.pictures import show

EDGE = 8  # the sigmoid is drawn for scores from -EDGE to EDGE
APART, STRAYS = 60, np.array([[16.0, -24], [-16, 24]])  # of the leaning line: half the way, and two points out of place


def sigmoid(score: float) -> Plot:
    """The sigmoid from -8 to 8, with `score` on it, or an arrow that leaves the chart where the score lies outside."""
    figure, ((ax,),) = new_axes(2.6)
    z = np.linspace(-EDGE, EDGE, 200)
    ax.plot(z, 1 / (1 + np.exp(-z)), color=BLUE, linewidth=2)
    ax.axhline(0.5, color=grey(12), linewidth=1, zorder=0)
    inside, right = abs(score) <= EDGE, score > 0
    probability = 1 / (1 + np.exp(-np.clip(score, -500, 500)))
    at, words = np.clip(score, -EDGE, EDGE), f"score {score:,g}"
    if inside:
        ax.plot(at, probability, "o", color=RED, markersize=9)
    else:
        style = {"arrowstyle": "-|>", "color": RED, "linewidth": 2.5}
        ax.annotate("", (at + np.sign(at), probability), (at, probability), arrowprops=style, annotation_clip=False)
        words += f":\n{abs(score) / EDGE:.0f} times as far\nas the edge"
    ax.annotate(words, (EDGE if right else -EDGE, 0.6 if right else 0.3), ha="right" if right else "left")
    shares_upward(ax, grid=False, xlim=(-EDGE - 1, EDGE + 1), xlabel="score", ylabel="probability")
    alt = "The sigmoid, an S-shaped curve from 0% at a score of −8 through 50% at 0 to 100% at 8."
    return Plot(figure, f"{alt} Marked: a score of {score:,g}, which is a probability of {probability:.1%}.")


def lean(degrees: float) -> Plot:
    """Two clouds of pictures with two pixels, divided by an upright line (above) and by one that leans.

    The squares hold all moves of up to epsilon from the clouds' centres: a corner, or an edge, touches the line.
    """
    figure, axes = new_axes(6, rows=2)
    words = [_divide(ax, angle) for ax, angle in zip(axes.flat, (0, degrees), strict=True)]
    return Plot(figure, f"Two flat clouds of points. Above: {words[0]}. Below: {words[1]}.")


def _divide(ax: Any, degrees: float) -> str:
    """Draw the clouds and one line; what is seen, in words."""
    rng = np.random.default_rng(1)
    clouds = [rng.normal((side * APART, 0), (13, 5), (40, 2)) for side in (-1, 1)]
    across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])  # the two weights
    points, orange = np.concatenate([*clouds, STRAYS]), np.repeat([False, True, False, True], [40, 40, 1, 1])
    right, epsilon = int(((points @ across > 0) == orange).sum()), APART * across[0] / across.sum()
    for one, colour in ((~orange, BLUE), (orange, ORANGE)):
        ax.scatter(*points[one].T, s=np.where(np.flatnonzero(one) < 80, 14, 90), color=colour)
    along = 200 * np.array([-across[1], across[0]])
    ax.plot(*np.stack([-along, along]).T, color="black", linewidth=2)
    for side, colour in zip((-1, 1), PALETTE, strict=False):
        corner = (side * APART - epsilon, -epsilon)
        ax.add_patch(Rectangle(corner, 2 * epsilon, 2 * epsilon, facecolor=f"{colour}26", edgecolor=colour, zorder=0))
    ax.set(xlim=(-130, 130), ylim=(-70, 70), aspect="equal", xticks=[], yticks=[])
    ax.set(xlabel="first pixel", ylabel="second pixel")
    ax.set_title(f"tilt {degrees:.0f}°: {right} of {len(points)} right, epsilon {epsilon:.0f}", fontsize=11)
    return f"a line with a tilt of {degrees:.0f}° gets {right} of {len(points)} right, and its epsilon is {epsilon:.0f}"


def close_up(epsilons: Sequence[float], start: float, norm: float, measured: Sequence[float]) -> Plot:
    """The score that a straight line promises at each epsilon, start + epsilon x norm, and dots: the measured ones."""
    figure, ((ax,),) = new_axes(2.8)
    ends = np.array([0, max(epsilons)])
    ax.plot(ends, start + ends * norm, color="black", linewidth=2)
    ax.plot(epsilons, measured, "o", color=RED, markersize=8)
    ax.annotate("the straight line", (ends[1], start + ends[1] * norm), (-8, 4), textcoords="offset points", ha="right")
    ax.annotate("GoogLeNet", (epsilons[-1], measured[-1]), (0, -22), textcoords="offset points", ha="center")
    ax.set(xlabel="epsilon", ylabel="score of the vulture")
    plain(ax)
    pairs = (f"{e:g}: {start + e * norm:.2f} and {m:.2f}" for e, m in zip(epsilons, measured, strict=True))
    return Plot(figure, f"What the line promises and what GoogLeNet delivers, at an epsilon of {'; '.join(pairs)}.")


def five_pixels(picture: Sequence[int], weights: Sequence[int]) -> Island:
    """Five pixels to move (0..255), whose weighted sum goes through the sigmoid."""
    pixels = [(name, int(value), int(weight)) for name, value, weight in zip("abcde", picture, weights, strict=True)]
    score = sum(value * weight for _, value, weight in pixels)
    return Island("sigmoid", {"pixels": pixels}, still=sigmoid(score), text="(Run this cell to move the five pixels.)")


def mixer(names: Sequence[str], templates: Doubles, constants: Doubles, colour: tuple[int, int, int]) -> Island:
    """A square whose colour is mixed, beginning with `colour`, and the classifier's answer.

    templates: the classes' weights, a row for each name, for squares of any size in RGB. Of a plain square, only their
    sums for red, green and blue count.
    """
    sums = templates.reshape(len(names), -1, 3).sum(axis=1)
    rows = np.column_stack([sums, constants])
    adds = [(name, [float(f"{number:.9g}") for number in row]) for name, row in zip(names, rows, strict=True)]
    answer = names[int((sums @ colour + constants).argmax())]
    still = show(np.full((160, 160, 3), colour, np.uint8), answer)
    state = {"colour": [*zip(("red", "green", "blue"), colour, strict=True)], "classes": adds}
    return Island("mixer", state, still=still, text=f"{answer} (Run this cell to mix a colour.)")
