"""Figure of A proof against stickers: a patch that slides across 28 bands."""

import numpy as np
from PIL.ImageColor import getrgb

from lessons.sticker_proof import bands
from tricknet import plots
from tricknet.arrays import Picture
from tricknet.colours import GREEN, RED, SKY
from tricknet.fashion_mnist import Answers

COLOURS = np.array([getrgb(colour) for colour in (GREEN, SKY, RED)], np.uint8)


def slide(picture: Picture, said: Answers, left: int, side: int = 3) -> plots.Sheet:
    """A patch on a picture, and its 28 bands, a row each: green if it names the answer, or blue; red if touched."""
    stuck, every = picture.repeat(3, axis=2), range(bands.SIDE)
    stuck[12 : 12 + side, left : left + side] = COLOURS[2]
    kinds = np.where(np.isin(every, bands.touched(left, side)), 2, said != bands.count(said).argmax())
    rows = np.where(bands.inside(every)[:, 0], COLOURS[kinds][:, None], np.uint8(238))
    green, blue, red = np.bincount(kinds, minlength=3)
    titles = [f"a {side} × {side} patch", f"{red} red, {green} green, {blue} blue"]
    return plots.show([stuck, rows], titles, enlarge=8, columns=1)
