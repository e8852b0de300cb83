"""Lesson 13's figures: photographs that survive or fall, JPEG's stairs, and counts that sink or don't."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from tricknet.arrays import GREY, rounded
from tricknet.attacks.soft_jpeg import BLOCK, tables
from tricknet.attacks.transforms import jpeg
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain, spread
from tricknet.plots.frames import FAILS, HOLDS

WAVE = 3, 3  # the wave of the staircase: this many half periods down and across a block
HIGHEST = 20  # pixel values


def thirty(rows: Mapping[str, Sequence[bool]]) -> Plot:
    """A row of squares for each attack, one for each photograph: green and whole if it survives, orange and crossed if
    not. All rows have the photographs in the same order.
    """
    many = len(next(iter(rows.values())))
    figure, ((ax,),) = new_axes(8.6, 0.1 + 0.42 * len(rows))
    for y, survive in enumerate(rows.values()):
        for x, survives in enumerate(survive):
            ax.add_patch(Rectangle((x + 0.1, y - 0.4), 0.8, 0.8, color=HOLDS if survives else FAILS))
            if not survives:
                ax.plot([x + 0.3, x + 0.7], [y - 0.2, y + 0.2], color="white", linewidth=1.2)
                ax.plot([x + 0.3, x + 0.7], [y + 0.2, y - 0.2], color="white", linewidth=1.2)
        ax.text(many + 0.4, y, f"{sum(survive)} of {many}", va="center")
    ax.set_xlim(0, many)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    words = "; ".join(f"{name}: {sum(survive)} of {many} survive" for name, survive in rows.items())
    return Plot(figure, f"A square for each photograph. {words}.")


def stairs(quality: int = 50, *, straight: bool = False, smooth: bool = False) -> Plot:
    """The height of a wave before and after JPEG, measured: stairs. `straight`, `smooth`: what attacks put in place."""
    figure, ((ax,),) = new_axes(6.4, 3.4)
    across, down = (np.cos(np.pi * n * (np.arange(BLOCK) + 0.5) / BLOCK) for n in WAVE)
    wave = np.outer(down, across)
    grey, heights = np.tile(wave, (2, 2))[:, :, None].repeat(3, axis=2), np.arange(0, HIGHEST, 0.1)
    pressed = [jpeg(rounded(GREY + height * grey), quality)[:BLOCK, :BLOCK, 1] - float(GREY) for height in heights]
    after = [float((one * wave).sum() / (wave**2).sum()) for one in pressed]
    ax.plot(heights, after, color=PALETTE[0], linewidth=3, label="JPEG")
    if straight:
        ax.plot(heights, heights, "--", color="#333333", label="straight through")
    if smooth:
        step = tables(quality)[0][WAVE] * (wave**2).sum() ** -0.5  # by a wave of length 1, in a height of pixels
        steps = heights / step
        ax.plot(
            heights, step * (np.rint(steps) + (steps - np.rint(steps)) ** 3), color=PALETTE[5], label="Shin and Song"
        )
    ax.set(xlim=(0, HIGHEST), ylim=(-1, HIGHEST + 1))
    ax.set_xlabel("height of the wave in the picture (pixel values)")
    ax.set_ylabel("height after JPEG")
    ax.set_title(f"one of JPEG's waves, quality {quality}", fontsize=11)
    ax.legend(frameon=False, loc="upper left")
    plain(ax)
    levels = sum(after[i + 1] - after[i] > 0.5 for i in range(len(after) - 1))
    return Plot(figure, f"The height of a wave after JPEG of quality {quality}: a staircase of {levels + 1} levels.")


def sinking(lines: Mapping[str, Sequence[Rate]], attacks: Sequence[str]) -> Plot:
    """The share that survives each attack, with its interval: a line for each defence, its name at the right."""
    figure, ((ax,),) = new_axes(8.0, 3.5)
    heights = spread({n: rates[-1].share for n, rates in enumerate(lines.values())}, 0.07)
    colours = PALETTE[5], "#777777", PALETTE[2]
    for n, ((name, rates), colour) in enumerate(zip(lines.items(), colours, strict=False)):
        share = np.array([rate.share for rate in rates])
        reach = np.abs([[rate.low, rate.high] for rate in rates] - share[:, None]).T
        ax.errorbar(range(len(attacks)), share, reach, color=colour, linewidth=2.5, marker="o", elinewidth=1, capsize=3)
        ax.annotate(name, (len(attacks) - 0.9, heights[n]), color=colour, va="center", annotation_clip=False)
    ax.set_xticks(range(len(attacks)), list(attacks))
    ax.set_ylim(-0.03, 1.03)
    ax.set_ylabel("survive")
    ax.yaxis.set_major_formatter("{x:.0%}")
    plain(ax)
    words = "; ".join(
        f"{name}: " + ", ".join(f"{what} {rate.k} of {rate.n}" for what, rate in zip(attacks, rates, strict=True))
        for name, rates in lines.items()
    )
    return Plot(figure, f"How many survive. {words}.".replace("\n", " "))
