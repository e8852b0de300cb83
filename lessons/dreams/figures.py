"""Lesson 12's figures: how another network ranks the class of a dream, and a picture in pieces."""

from collections.abc import Mapping

import numpy as np

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain


def ranks(ways: Mapping[str, Numbers], alt: str) -> Plot:
    """A class's rank in a network's answer (1 is the first), on a logarithmic axis: a dot for each class.

    ways: for each name the ranks, one per class. A line marks the median, and a pale band the first five; below it is
    written how often the rank was 1.
    """
    figure, ((ax,),) = new_axes(7, 3.4)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    ax.axhspan(0.8, 5.5, color="#eeeeee")
    for x, found in enumerate(ways.values()):
        colour = PALETTE[2 if x == len(ways) - 1 else 0]
        ax.plot(x + random.uniform(-0.18, 0.18, len(found)), found, "o", ms=4, color=colour, alpha=0.6)
        ax.plot([x - 0.3, x + 0.3], 2 * [np.median(found)], color=ACCENT, linewidth=2)
    ax.text(-0.95, 2.1, "the first\nfive", fontsize=9, color="#555555", va="center")
    ax.set(yscale="log", ylim=(1000, 0.8), ylabel="rank of the class, out of 1000", xlim=(-1, len(ways) - 0.4))
    ax.set_yticks([1, 5, 10, 100, 1000], ["1", "5", "10", "100", "1000"])
    firsts = [f"{name}\n{np.sum(found == 1)} of {len(found)} first" for name, found in ways.items()]
    ax.set_xticks(range(len(ways)), firsts, fontsize=9)
    plain(ax, grid=False)
    return Plot(figure, alt)


def in_pieces(picture: Picture, pieces: int = 4) -> Picture:
    """A picture (uint8, 224 x 224 x 3) cut into pieces x pieces squares that change places, always in the same way."""
    side = len(picture) // pieces
    squares = picture.reshape(pieces, side, pieces, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    squares = np.random.default_rng(0).permutation(squares)
    return squares.reshape(pieces, pieces, side, side, 3).swapaxes(1, 2).reshape(picture.shape)
