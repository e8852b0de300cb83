"""Figure of A proof against stickers: a patch that slides under 28 bands."""

import numpy as np
from matplotlib.patches import Rectangle

from lessons.sticker_proof import bands
from tricknet.arrays import Picture
from tricknet.colours import GREEN, RED
from tricknet.fashion_mnist import Answers
from tricknet.plots.charts import Plot, new_axes


def slide(picture: Picture, said: Answers, left: int, *, side: int = 3, top: int = 12) -> Plot:
    """A picture with a patch, and below it each band as a row: which of the 28 votes does the patch touch?"""
    figure, ((above,), (below,)) = new_axes(5.2, rows=2)
    hit, votes = bands.touched(left, side), bands.count(said)
    above.imshow(picture[..., 0], "gray")
    above.add_patch(Rectangle((left - 0.5, top - 0.5), side, side, color=RED))
    rows = np.where(bands.inside(np.arange(bands.SIDE))[:, 0], 1, 0)[..., 0]  # 28 x 28: band by column
    rows[hit] *= 2
    below.imshow(rows, ListedColormap(["#eeeeee", GREEN, RED]))
    return Plot(figure, "")
