"""Lesson 6's figure: one dot per picture, and the dogs among the others."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain

Dot = tuple[float, str, str]  # a share (0..1), the set that the picture is from, and its name if it is a dog's
SHAPES = "Ds^vP*X"  # of the dogs' dots, in the order of their names


def columns(
    dots: Mapping[str, Sequence[Dot]], means: Mapping[str, tuple[float, float, float]], *, ylabel: str, alt: str
) -> Plot:
    """A column of dots for each name, one dot per picture; each dog has a shape of its own.

    means: for each column, the mean of the others and its interval, (mean, low, high), drawn to the left of the dots.
    """
    figure, ((ax,),) = new_axes(7.6, 3.8)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    names = sorted({dog for column in dots.values() for _, _, dog in column if dog})
    shapes = dict(zip(names, SHAPES, strict=False))
    for x, column in enumerate(dots.values()):
        for share, which, dog in column:
            if dog:
                ax.plot(x + 0.32, share, shapes[dog], ms=6, color=ACCENT, alpha=0.8)
            else:
                side, face = random.uniform(-0.15, 0.22), "white" if which == "held out" else PALETTE[0]
                ax.plot(x + side, share, "o", ms=5, mfc=face, mec=PALETTE[0], alpha=0.7)
    for x, column_name in enumerate(dots):
        mean, low, high = means[column_name]
        ax.errorbar(x - 0.27, mean, [[mean - low], [high - mean]], fmt="_", ms=10, color="black", capsize=3)
    for face, name in ((PALETTE[0], "EVIDENCE"), ("white", "HELD_OUT")):
        ax.plot([], [], "o", ms=5, mfc=face, mec=PALETTE[0], label=name)
    ax.errorbar([], [], [], fmt="_", ms=10, color="black", capsize=3, label="mean of all but the dogs,\n95% interval")
    for dog in names:
        ax.plot([], [], shapes[dog], ms=6, color=ACCENT, label=dog)
    ax.set_xticks(range(len(dots)), list(dots))
    ax.set_xlim(-0.5, len(dots) - 0.5)
    ax.set_ylim(-0.04, 1.04)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plain(ax)
    return Plot(figure, alt)
