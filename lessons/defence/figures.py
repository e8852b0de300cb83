"""Lesson 14's figures: photographs that survive or fall, and JPEG's stairs."""

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.defence.soft_jpeg import BLOCK, tables
from tricknet import images
from tricknet.arrays import GREY, rounded
from tricknet.attacks.transforms import jpeg
from tricknet.colours import BLUE, grey
from tricknet.plots.charts import Plot, new_axes, plain
from tricknet.plots.pictures import FAILS, HOLDS
from tricknet.plots.sheet import thumbnail

WAVE = 3, 3  # the wave of the staircase: this many half periods down and across a block
HIGHEST = 20  # pixel values
JPEG = BLUE  # its colour
NETWORKS = [grey(7), HOLDS]  # the plain one's and the robust one's
DROWNED = 0.8 * np.array([213, 94, 0])  # FAILS
ACROSS = 10  # photographs in a row


def thirty(attacks: Mapping[str, Sequence[bool]]) -> Plot:
    """The first photographs of images.EVIDENCE under each attack: whole if one survives, drowned in orange if not."""
    photos = [thumbnail(images.load(name), 44, unit=8) for name in images.EVIDENCE]
    figure, axes = new_axes(1.7 * len(attacks), rows=len(attacks))
    for ax, (attack, survive) in zip(axes.flat, attacks.items(), strict=True):
        mixed = [photo if here else 0.2 * photo + DROWNED for photo, here in zip(photos, survive, strict=False)]
        tiles = [np.pad(tile, ((2, 2), (2, 2), (0, 0)), constant_values=255) for tile in mixed]
        rows = [np.hstack(tiles[at : at + ACROSS]) for at in range(0, len(tiles), ACROSS)]
        ax.imshow(np.vstack(rows).astype(np.uint8))
        ax.set_title(f"{sum(survive)} of {len(survive)} survive", loc="left", weight="bold", fontsize=14)
        ax.set_title(attack, loc="right", fontsize=11)
        ax.axis("off")
    words = "; ".join(f"{attack}: {sum(survive)} of {len(survive)} survive" for attack, survive in attacks.items())
    return Plot(figure, f"The same thirty photographs, once for each attack. {words}.")


def stairs(quality: int = 50, *, straight: bool = False, smooth: bool = False) -> Plot:
    """The height of a wave before and after JPEG, measured: stairs. `straight`, `smooth`: what attacks put in place."""
    figure, ((ax,),) = new_axes(3.5)
    across, down = (np.cos(np.pi * n * (np.arange(BLOCK) + 0.5) / BLOCK) for n in WAVE)
    wave = np.outer(down, across)
    pattern, heights = np.tile(wave, (2, 2))[:, :, None].repeat(3, axis=2), np.arange(0, HIGHEST, 0.1)
    pressed = [jpeg(rounded(GREY + height * pattern), quality)[:BLOCK, :BLOCK, 1] - float(GREY) for height in heights]
    after = [float((one * wave).sum() / (wave**2).sum()) for one in pressed]
    step = tables(quality)[0][WAVE] * (wave**2).sum() ** -0.5  # by a wave of length 1, in a height of pixels
    steps = heights / step
    bent = step * (np.rint(steps) + (steps - np.rint(steps)) ** 3)
    curves = [(np.array(after), JPEG, "JPEG: stairs", 5.0)]
    curves.append((heights, grey(7), "straight through: a ramp" if straight else "without JPEG: a ramp", 1.5))
    if smooth:
        curves.append((bent, FAILS, "Shin and Song: bent stairs", 2.5))
        for words, edge, at in (("flat: a push is wasted", 0, (1.2, 9.6)), ("steep: a push tips it", 0.44, (3, 12.3))):
            to, arrow = ((1 + edge) * step, (1 + edge**3) * step), {"arrowstyle": "->", "color": FAILS}
            ax.annotate(words, to, at, color=FAILS, arrowprops=arrow)
    for n, (ys, colour, words, width) in enumerate(curves):
        ax.plot(heights, ys, color=colour, linewidth=width)
        ax.text(0.98, 0.21 - 0.08 * n, words, color=colour, ha="right", weight="bold", transform=ax.transAxes)
    ax.set(xlim=(0, HIGHEST), xlabel="height of the wave in the picture (pixel values)")
    ax.set(ylim=(-1, HIGHEST + 1), ylabel="height after JPEG")
    levels = 1 + sum(after[i + 1] - after[i] > 0.5 for i in range(len(after) - 1))
    top = "What attacks put in place of the stairs" if smooth else f"JPEG of quality {quality} turns a ramp into stairs"
    ax.set_title(top, fontsize=11)
    plain(ax)
    inset = ax.inset_axes((0.03, 0.74, 0.22, 0.22))
    inset.imshow(wave, cmap="gray")
    inset.axis("off")
    words = "; ".join(words for _, _, words, _ in curves)
    return Plot(figure, f"The height of a wave after JPEG of quality {quality}, in {levels} levels. {words}.")
