"""Figure of A proof against stickers: a patch that slides across 28 bands."""

import numpy as np
from matplotlib.colors import to_rgb

from lessons.sticker_proof import bands
from tricknet import plots
from tricknet.arrays import Picture, rounded
from tricknet.colours import GREEN, RED, SKY
from tricknet.fashion_mnist import Answers


def slide(picture: Picture, said: Answers, left: int, side: int = 3) -> plots.Sheet:
    """A patch on a picture, and its 28 bands, a row each: green if it names the answer, or blue; red if touched."""
    stuck, rows, hit = picture.repeat(3, axis=2), np.full((28, 28, 3), 238, np.uint8), bands.touched(left, side)
    names = [RED if n in hit else GREEN if c == bands.count(said).argmax() else SKY for n, c in enumerate(said)]
    for n, colour in enumerate(names):
        rows[n, bands.inside(n)[0, 0, :, 0]] = rounded(255 * np.array(to_rgb(colour)))
    stuck[12 : 12 + side, left : left + side] = rounded(255 * np.array(to_rgb(RED)))
    titles = [f"a {side} × {side} patch", f"{len(hit)} red, {names.count(GREEN)} green, {names.count(SKY)} blue"]
    return plots.show([stuck, rows], titles, enlarge=8, columns=1)
