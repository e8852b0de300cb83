"""Lesson 6's figures: one dot per picture, the dogs among the others, and a table of probabilities."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet.arrays import Numbers
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain

Dot = tuple[float, str, str]  # a share (0..1), the set that the picture is from, and its name if it is a dog's
NAMED = 0.03  # dogs above this share have their names: below it, all dots lie on one another


def columns(
    dots: Mapping[str, Sequence[Dot]], means: Mapping[str, tuple[float, float, float]], *, ylabel: str, alt: str
) -> Plot:
    """A column of dots for each name, one dot per picture; dogs stand out.

    means: for each column, the mean of the others and its interval, (mean, low, high), drawn to the left of the dots.
    """
    figure, ((ax,),) = new_axes(7.6, 3.8)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    for x, column in enumerate(dots.values()):
        for share, which, dog in sorted(column, key=lambda dot: bool(dot[2])):
            side = 0.30 if dog else random.uniform(-0.15, 0.2)
            face = ACCENT if dog else "white" if which == "held out" else PALETTE[0]
            ax.plot(x + side, share, "o", ms=5, mfc=face, mec=ACCENT if dog else PALETTE[0], alpha=1 if dog else 0.7)
            if share >= NAMED:
                ax.annotate(dog, (x + 0.34, share), fontsize=8, va="center", color=ACCENT)
    for x, name in enumerate(dots):
        mean, low, high = means[name]
        ax.errorbar(x - 0.26, mean, [[mean - low], [high - mean]], fmt="_", ms=10, color="black", capsize=3)
    for face, edge, name in (
        (PALETTE[0], PALETTE[0], "EVIDENCE"),
        ("white", PALETTE[0], "HELD_OUT"),
        (ACCENT, ACCENT, "dogs"),
    ):
        ax.plot([], [], "o", ms=5, mfc=face, mec=edge, label=name)
    ax.errorbar([], [], [], fmt="_", ms=10, color="black", capsize=3, label="mean of all but the dogs,\n95% interval")
    ax.set_xticks(range(len(dots)), list(dots))
    ax.set_xlim(-0.5, len(dots) + 0.05)
    ax.set_ylim(-0.04, 1.04)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plain(ax)
    return Plot(figure, alt)


def grid(shares: Numbers, rows: Sequence[str], columns: Sequence[str], *, title: str, alt: str) -> Plot:
    """A table of shares (0..1), rows x columns, as a figure."""
    figure, ((ax,),) = new_axes(1.6 + 0.9 * len(columns), 1 + 0.36 * len(rows))
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_title(title, fontsize=11)
    ax.set_xticks(range(len(columns)), columns, rotation=30, ha="right")
    ax.set_yticks(range(len(rows)), rows)
    ax.spines[:].set_visible(False)
    for (y, x), share in np.ndenumerate(shares):
        ax.text(x, y, f"{share:.0%}", ha="center", va="center", fontsize=9, color="white" if share > 0.5 else "black")
    return Plot(figure, alt)
