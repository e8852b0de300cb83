"""Lesson 4's figures: the sigmoid, a line that leans, GoogLeNet close up, and all colours."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from tricknet.arrays import Doubles
from tricknet.colours import BLUE, GREEN, ORANGE, RED
from tricknet.island import Island
from tricknet.plots.charts import HALO, Plot, new_axes, plain, spread
from tricknet.plots.intervals import shares_upward
from tricknet.plots.pictures import show

EDGE = 8  # the sigmoid is drawn for scores from -EDGE to EDGE
CURVES = ("black", RED, GREEN, BLUE)  # of the close-up
APART, STRAYS = 60, [[16, -24], [-16, 24]]  # of the leaning line: half the way, and two points out of place


def sigmoid(score: float) -> Plot:
    """The sigmoid from -8 to 8, with `score` on it, or an arrow head at the edge where it lies outside."""
    figure, ((ax,),) = new_axes(2.8)
    z, at, p = np.linspace(-EDGE, EDGE, 200), np.clip(score, -EDGE, EDGE), 1 / (1 + np.exp(-np.clip(score, -500, 500)))
    ax.plot(z, 1 / (1 + np.exp(-z)), color=BLUE, linewidth=2)
    ax.plot(at, p, "o" if at == score else ">" if score > 0 else "<", color=RED, markersize=12)
    shares_upward(ax, xlim=(-EDGE - 1, EDGE + 1), xlabel="score", ylabel="probability", title=f"score {score:,g}")
    return Plot(figure, f"The sigmoid, an S-shaped curve from 0% to 100%, and on it a score of {score:,g}.")


def lean(degrees: float) -> Plot:
    """Two clouds of pictures with two pixels, divided by an upright line (above) and by one that leans.

    The squares hold all moves of up to epsilon from the clouds' centres: a corner, or an edge, touches the line.
    """
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal((side * APART, 0), (13, 5), (40, 2)) for side in (-1, 1)] + [STRAYS])
    orange = np.repeat([False, True, False, True], [40, 40, 1, 1])
    figure, axes = new_axes(6, rows=2)
    for ax, tilt in zip(axes.flat, (0, degrees), strict=True):
        across = np.array([np.cos(np.radians(tilt)), np.sin(np.radians(tilt))])  # the two weights
        right, epsilon = int(((points @ across > 0) == orange).sum()), APART * across[0] / across.sum()
        for side, one, colour in ((-1, ~orange, BLUE), (1, orange, ORANGE)):
            ax.scatter(*points[one].T, s=np.where(np.flatnonzero(one) < 80, 14, 60), color=colour)
            box = Rectangle((side * APART - epsilon, -epsilon), 2 * epsilon, 2 * epsilon, edgecolor=colour, zorder=0)
            ax.add_patch(box).set_facecolor(f"{colour}26")
        ax.axline((0, 0), (-across[1], across[0]), color="black", linewidth=2)
        ax.set(xlim=(-130, 130), ylim=(-70, 70), aspect="equal", xticks=[], yticks=[])
        ax.set(xlabel="first pixel", ylabel="second pixel")
        ax.set_title(f"tilt {tilt:.0f}°: {right} of {len(points)} right, epsilon {epsilon:.0f}", fontsize=11)
        ax.plot([-APART, APART], [0, 0], "k+", markersize=14)
    axes[0, 0].text(-APART, -52, "all within epsilon of +", ha="center", color=BLUE)
    return Plot(figure, f"Two clouds and a line. Above: {'. Below: '.join(ax.get_title() for ax in axes.flat)}.")


def close_up(epsilons: Sequence[float], panels: Mapping[str, Mapping[str, Sequence[float]]]) -> Plot:
    """Curves over epsilon, in panels: {what is measured: {curve: its height at each epsilon}}. A promise is dashed."""
    figure, axes = new_axes(5.4, rows=len(panels))
    for ax, (ylabel, curves) in zip(axes.flat, panels.items(), strict=True):
        for (name, curve), colour in zip(curves.items(), CURVES, strict=False):
            ax.plot(epsilons, curve, "--" if "promises" in name else "o-", color=colour, linewidth=2)
        heights = {n: float(np.interp(c[-1], ax.get_ylim(), (0, 1))) for n, c in enumerate(curves.values())}
        ends = spread(heights, 0.1)
        for n, (name, curve) in enumerate(curves.items()):
            words = f"{name}: {curve[-1]:.1f}".replace("-", "−")
            ax.annotate(words, (1.02, ends[n]), xycoords="axes fraction", color=CURVES[n], va="center")
        ax.set(xlabel="epsilon", ylabel=ylabel)
        plain(ax)
    named = "; ".join(text.get_text() for ax in axes.flat for text in ax.texts)
    return Plot(figure, f"Two panels of curves. Their ends, at an epsilon of {epsilons[-1]:g}: {named}.")


def five_pixels(picture: Sequence[int], weights: Sequence[int]) -> Island:
    """Five pixels to move (0..255), whose weighted sum goes through the sigmoid."""
    pixels = [(name, int(value), int(weight)) for name, value, weight in zip("abcde", picture, weights, strict=True)]
    still = sigmoid(float(np.dot(picture, weights)))
    return Island("sigmoid", {"pixels": pixels}, still=still, text="(Run this cell to move the five pixels.)")


def mixer(names: Sequence[str], sums: Doubles, constants: Doubles) -> Island:
    """A square whose colour is mixed, orange at first, and the classifier's answer. sums: of each class's weights for
    red, for green and for blue (classes x 3): of a plain square, only they count.
    """
    rows = [[float(f"{number:.9g}") for number in row] for row in np.column_stack([sums, constants])]
    answer = names[int((sums @ (255, 128, 0) + constants).argmax())]
    still = show(np.full((160, 160, 3), (255, 128, 0), np.uint8), answer)
    state = {"colour": [("red", 255), ("green", 128), ("blue", 0)], "classes": [*zip(names, rows, strict=True)]}
    return Island("mixer", state, still=still, text=f"{answer} (Run this cell to mix a colour.)")


def cube(counts: Mapping[str, int], sums: Doubles, constants: Doubles) -> Plot:
    """The cube of all colours in six slices, cut where the classifier's answer changes. counts: how many of the colours
    get each answer. sums, constants: as for `mixer`.
    """
    figure, axes = new_axes(4.5, columns=3, rows=2)
    names, (blue, green) = [*counts], np.mgrid[:256, :256]
    for ax, red in zip(axes.flat, range(0, 256, 51), strict=True):
        colours = np.stack([np.full_like(green, red), green, blue], axis=-1)
        ax.imshow(colours, origin="lower")
        answers = (colours @ sums.T + constants).argmax(axis=-1)
        for k in np.unique(answers):
            ax.contour(answers == k, [0.5], colors="black", linewidths=1.5)
            if len(region := np.argwhere(answers == k)) > 1500:  # smaller ones have no room for a name
                y, x = region.mean(axis=0)  # which lies inside: straight cuts leave no hollows
                ax.text(np.clip(x, 44, 212), y, names[k], ha="center", va="center", path_effects=HALO)
        ax.set(xticks=[], yticks=[], title=f"red {red}")
    axes[1, 0].set(xlabel="green →", ylabel="blue →")
    found = [name for name in sorted(names, key=lambda name: -counts[name]) if counts[name]]
    words = ", ".join(f"{name} {100 * counts[name] / 256**3:.2g}%" for name in found)
    words += f"\nnever: {', '.join(name for name in names if name not in found)}"
    figure.suptitle(words, fontsize=11)
    return Plot(figure, f"Six slices of the cube of colours, cut by straight lines. {words}.".replace("\n", "; "))
