"""Lesson 8's figures: a vulture that comes and goes as the picture moves, and the grids behind it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tricknet.arrays import Numbers, Picture
from tricknet.attacks.transforms import move
from tricknet.colours import BLUE, GREEN, RED, grey
from tricknet.counting import Rate
from tricknet.plots.charts import WIDTH, Plot, new_axes, plain
from tricknet.plots.intervals import in_words, shares_upward

GRIDS = {2: "first layer, every 2nd pixel", 4: "second, every 4th", 8: "every 8th", 16: "every 16th"}
STRIP = slice(96, 104), slice(32, 65)  # rows and columns: an eye


def sliding(picture: Picture, right: int, curve: Sequence[float]) -> Plot:
    """A strip of a picture's pixels that slides over the grids of the network's layers, and what the network says.

    right: by how many pixels it has slid. curve: the probability of a vulture at each move.
    """
    figure = Figure(figsize=(WIDTH, 5.4), layout="constrained")
    top, below = figure.subplots(2, height_ratios=[3.6, 1])
    top.imshow(move(picture, right)[STRIP], extent=(-0.5, 32.5, -0.5, 7.5))
    for centre, edge, line in (8, "black", "-"), (10, "black", "--"), (8 + right, BLUE, "-"):
        top.add_patch(Rectangle((centre - 3.5, 0), 7, 7, fill=False, linewidth=2.5, linestyle=line, edgecolor=edge))
    for y, (stride, name) in zip((-3.2, -6.2, -9.2, -12.2), GRIDS.items(), strict=True):
        colour, verdict = (grey(6), "doesn't fit") if right % stride else (GREEN, "fits")
        top.vlines(np.arange(0, 33, stride), y - 0.8, y + 0.8, color=colour, linewidth=2)
        top.plot(before := np.arange(right % stride, 33, stride), 0 * before + y, "o", ms=7, color=BLUE)
        top.text(-0.5, y + 1, f"{name}: {verdict}", color=colour, weight="normal" if right % stride else "bold")
    top.text(-0.5, -15.5, "lines: centres of a layer's patches\nblue dots: those before the move", color=grey(6))
    top.set(xlim=(-1, 33), ylim=(-15.6, 8))
    boxes = "black: two patches, blue: what the left one saw before"
    top.set_title(f"moved by {right}: vulture {curve[right]:.1%}\n{boxes}", fontsize=11)
    top.axis("off")
    below.vlines(range(len(curve)), 0, curve, color=RED, linewidth=5)
    below.plot(right, curve[right], "o", ms=11, color="black", clip_on=False, zorder=3)
    shares_upward(below, ylim=(-0.05, 1.05), yticks=[0, 1], ylabel="vulture", xticks=range(0, 17, 4), xlabel="moved by")
    fit = ", ".join(name for stride, name in GRIDS.items() if right % stride == 0)
    return Plot(figure, f"Moved by {right}: vulture {curve[right]:.1%}. The grids that fit: {fit or 'none'}.")


def lattice(heights: Numbers) -> Plot:
    """The probability of a vulture at each move: heights are rows from the furthest up x columns from left to right."""
    figure, ((ax,),) = new_axes(3.7)
    far = len(heights) - 1
    shown = ax.imshow(heights, extent=(-far - 0.5, far + 0.5, -0.5, far + 0.5), vmin=0, vmax=1, cmap="magma")
    ax.set(xlabel="moved to the right by (pixels)", xticks=range(-far, far + 1, 4))
    ax.set(ylabel="moved up by (pixels)", yticks=range(0, far + 1, 4))
    figure.colorbar(shown, ax=ax, format="{x:.0%}", shrink=0.8, label="probability of vulture")
    return Plot(figure, f"A dark rectangle with points of light: {(heights > 0.5).sum()} of {heights.size} moves.")


def combs(panels: Mapping[str, Mapping[str, Mapping[int, Rate]]]) -> Plot:
    """For each panel, a bar at each move for the tricks that still work, a dot for the photographs.

    panels: {panel: {"tricks", and perhaps "photographs": {move: rate}}}.
    """
    figure, axes = new_axes(0.9 + 1.2 * len(panels), rows=len(panels))
    counts, marks = dict[str, dict[str, Rate]](), {"photographs": "dots", "tricks": "bars"}
    for (ax,), (panel, kinds) in zip(axes, panels.items(), strict=True):
        moves, rates = zip(*kinds["tricks"].items(), strict=True)
        places = range(len(moves))
        every = 1 if len(moves) < 15 else 4  # otherwise the letters would be too small on a telephone
        ax.bar(places, [rate.share for rate in rates], color=RED, width=0.8)
        if alone := kinds.get("photographs"):
            ax.plot(places, [rate.share for rate in alone.values()], "o", color="black", ms=5, clip_on=False)
        for x, rate in list(enumerate(rates))[::every]:
            y, colour = (0.05, "white") if rate.share > 0.2 else (rate.share + 0.04, RED)
            ax.text(x, y, str(rate.k), ha="center", fontsize=10, color=colour)
        words = [f"{marks[kind]} for {of[max(of)].n} {kind}" for kind, of in kinds.items()]
        ax.set_title(f"{panel}: {', '.join(words)}", fontsize=10, loc="left")
        ax.set(ylim=(0, 1.1), yticks=[0, 1], yticklabels=["0%", "100%"])
        ax.set_xticks(places[::every], moves[::every])
        plain(ax, grid=False)
        counts |= {f"{panel}, {kind}": {f"moved by {k}:": r for k, r in of.items()} for kind, of in kinds.items()}
    axes[-1][0].set_xlabel("moved by (pixels)")
    return Plot(figure, f"{in_words(counts)}.")
