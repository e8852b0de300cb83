"""Lesson 14's figures: photographs that survive or fall, and JPEG's stairs."""

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.defence.soft_jpeg import BLOCK, bend, heights, in_pixels, in_waves, tables
from tricknet import images
from tricknet.arrays import GREY, Floats, Picture, rounded
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


def stairs(quality: int = 50, *, attacked: bool = False) -> Plot:
    """The height of a wave before and after JPEG, measured: stairs. attacked: and what attacks put in their place."""
    figure, ((ax,),) = new_axes(3.5)
    across, down = (np.cos(np.pi * n * (np.arange(BLOCK) + 0.5) / BLOCK) for n in WAVE)
    wave = np.outer(down, across)
    pattern, heights = np.tile(wave, (2, 2))[:, :, None].repeat(3, axis=2), np.arange(0, HIGHEST, 0.1)
    pressed = [jpeg(rounded(GREY + height * pattern), quality)[:BLOCK, :BLOCK, 1] - float(GREY) for height in heights]
    after = [float((one * wave).sum() / (wave**2).sum()) for one in pressed]
    step = tables(quality)[0][WAVE] * (wave**2).sum() ** -0.5  # by a wave of length 1, in a height of pixels
    steps = heights / step
    bent = step * (np.rint(steps) + (steps - np.rint(steps)) ** 3)
    top, ramp = f"JPEG of quality {quality} turns a ramp into stairs", "without JPEG: a ramp"
    if attacked:
        top, ramp = "What attacks put in place of the stairs", "straight through: a ramp"
    curves = [(np.array(after), JPEG, "JPEG: stairs", 5.0), (heights, grey(7), ramp, 1.5)]
    if attacked:
        curves.append((bent, FAILS, "Shin and Song: bent stairs", 2.5))
        for words, edge, at in (("flat: it won't tip", 0, (1.2, 9.6)), ("steep: it may tip", 0.44, (3, 12.3))):
            to, arrow = ((1 + edge) * step, (1 + edge**3) * step), {"arrowstyle": "->", "color": FAILS}
            ax.annotate(words, to, at, color=FAILS, arrowprops=arrow)
    for n, (ys, colour, words, width) in enumerate(curves):
        ax.plot(heights, ys, color=colour, linewidth=width)
        ax.text(0.98, 0.21 - 0.08 * n, words, color=colour, ha="right", weight="bold", transform=ax.transAxes)
    ax.set(xlim=(0, HIGHEST), xlabel="height of the wave in the picture (pixel values)")
    ax.set(ylim=(-1, HIGHEST + 1), ylabel="height after JPEG")
    ax.set_title(top, fontsize=11)
    plain(ax)
    inset = ax.inset_axes((0.03, 0.74, 0.22, 0.22))
    inset.imshow(wave, cmap="gray")
    inset.axis("off")
    words, levels = "; ".join(words for _, _, words, _ in curves), 1 + (np.diff(after) > 0.5).sum()
    return Plot(figure, f"The height of a wave after JPEG of quality {quality}, in {levels} levels. {words}.")


def vote(picture: Picture, gradient: Floats) -> Plot:
    """The 64 votes on one pixel of a picture behind JPEG of quality 50, with a ramp and with the bend.

    gradient: with respect to the picture after JPEG. The pixel is the one on which the two disagree most clearly.
    """
    (steps, *_), (slopes, *_) = heights(picture, 50), in_waves(gradient)
    ways = {"Ramp: all 64 waves vote": slopes, "Bend: waves far from an edge hardly count": bend(steps) * slopes}
    ramp, bent = (-in_pixels(votes) for votes in ways.values())
    row, column = np.unravel_index((ramp * bent).argmin(), ramp.shape)
    waves = np.eye(BLOCK**2).reshape(BLOCK**2, 1, 1, BLOCK, BLOCK)
    here = np.array([in_pixels(wave)[row % BLOCK, column % BLOCK] for wave in waves])  # each wave's height, if it is 1
    square = row // BLOCK, column // BLOCK
    near, order = (np.abs(steps - np.rint(steps)) > 0.25)[square].ravel(), np.argsort(-slopes[square].ravel() * here)
    limit = 1.05 * np.abs(slopes[square].ravel() * here).max()
    figure, axes = new_axes(4.4, rows=len(ways))
    for (ax,), (title, votes) in zip(axes, ways.items(), strict=True):
        bars = -votes[square].ravel() * here
        ax.bar(range(BLOCK**2), bars[order], color=np.where(near, FAILS, grey(9))[order])
        ax.set_title(f"{title}. The sum: {'lighter' if bars.sum() > 0 else 'darker'}", fontsize=11)
        ax.set(xticks=[], yticks=[], xlim=(-11, 64), ylim=(-limit, limit))  # one scale
        for height, words in ((0.65, "lighter"), (0.25, "darker")):
            ax.text(0, height, words, transform=ax.transAxes)
        ax.axhline(0, color="black", linewidth=0.8)
        ax.spines[:].set_visible(False)
    for height, words, colour in ((0.3, "near an edge of its step", FAILS), (0.15, "in the middle", grey(9))):
        axes[0, 0].text(0.5, height, words, color=colour, weight="bold", transform=axes[0, 0].transAxes)
    said = [*(ax.get_title() for ax in figure.axes), f"{(ramp * bent < 0).mean():.0%} of the pixels change sides"]
    return Plot(figure, f"One pixel's 64 waves as bars. {'. '.join(said)}.")
