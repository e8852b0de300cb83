"""Figure of A proof against stickers: a patch that slides across 28 bands."""

import numpy as np
from PIL.ImageColor import getrgb

from lessons.sticker_proof import bands
from tricknet import plots
from tricknet.arrays import Picture
from tricknet.colours import GREEN, RED, SKY
from tricknet.fashion_mnist import Answers

COLOURS = np.array([getrgb(colour) for colour in (GREEN, SKY, RED)], np.uint8)


def slide(picture: Picture, said: Answers, left: int) -> plots.Sheet:
    """A patch on a picture, and its 28 bands, a row each: green if it names the answer, or blue; red if touched."""
    stuck, every, red = picture.repeat(3, axis=2), range(bands.SIDE), bands.touched(left, bands.PATCH)
    stuck[12 : 12 + bands.PATCH, left : left + bands.PATCH] = COLOURS[2]
    votes, kept = bands.count(said), bands.count(np.delete(said, red))
    kinds = np.where(np.isin(every, red), 2, said != votes.argmax())
    rows = np.where(bands.inside(every)[:, 0], COLOURS[kinds][:, None], np.uint8(238))
    lead, worst = (n[votes.argmax()] - np.delete(n, votes.argmax()).max() for n in (votes, kept))
    titles = [f"lead {lead}, at worst {worst - red.size}", f"{red.size} red"]
    return plots.show([stuck, rows], titles, enlarge=8, columns=1)
