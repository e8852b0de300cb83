"""Small pictures in frames that show whether something still works."""

import numpy as np
from PIL import Image as Pillow

from tricknet.arrays import Picture
from tricknet.plots.charts import PALETTE
from tricknet.plots.sheet import thumbnail

HOLDS, FAILS = PALETTE[2], PALETTE[5]
THUMB, FRAME = 88, 6  # pixels: a small picture's side, and how wide a frame is


def in_frame(picture: Picture, holds: bool, side: int = THUMB) -> Picture:
    """A picture made small, in 32 shades per colour (which take half the bytes), with a frame around it."""
    small = thumbnail(picture, side, unit=8)
    paper = Pillow.new("RGB", (side + 2 * FRAME, side + 2 * FRAME), HOLDS if holds else FAILS)
    if not holds:  # broken, so that the colour is not all that tells them apart
        for at in range(2 * FRAME, paper.width - 2 * FRAME, 16):
            for box in ((at, 0, at + 6, paper.height), (0, at, paper.width, at + 6)):
                paper.paste("white", box)
    paper.paste(Pillow.fromarray(np.pad(small, ((1, 1), (1, 1), (0, 0)), constant_values=255)), (FRAME - 1, FRAME - 1))
    return np.array(paper)
