"""Lesson 13's figures: how another network ranks the class of a dream, and a picture in pieces."""

from collections.abc import Mapping

import numpy as np

from tricknet.arrays import Numbers, Picture
from tricknet.colours import BLUE, GREEN, grey
from tricknet.plots.charts import ACCENT, Plot
from tricknet.plots.intervals import row_axes


def ranks(ways: Mapping[str, Numbers], alt: str) -> Plot:
    """A class's rank in a network's answer (1 is the first), on a logarithmic axis: a dot for each class.

    ways: for each name the ranks, one per class. A bar marks the median, and a line the end of the first five; above
    the dots is written how often the rank was 1.
    """
    firsts = [f"{name}: {np.sum(found == 1)} of {len(found)} first" for name, found in ways.items()]
    figure, (ax,), tops = row_axes(firsts, 1.2)
    random = np.random.default_rng(0)  # upwards, so that no dot hides another
    for y, found in zip(tops, ways.values(), strict=True):
        colour = GREEN if y == tops[-1] else BLUE
        ax.plot(found, y + random.uniform(-0.3, 0.3, len(found)), "o", ms=4, color=colour, alpha=0.6)
        ax.plot(2 * [np.median(found)], [y - 0.6, y + 0.6], color=ACCENT, linewidth=3)
    ax.axvline(5.5, color=grey(7), linewidth=1, linestyle=":", zorder=0)
    ax.set(xscale="log", xlim=(0.8, 1000), xlabel="rank of the class, out of 1000 (dotted: the end of the first five)")
    ax.set_xticks([1, 5, 10, 100, 1000], ["1", "5", "10", "100", "1000"])
    return Plot(figure, alt)


def in_pieces(picture: Picture, pieces: int = 4) -> Picture:
    """A picture (uint8, 224 x 224 x 3) cut into pieces x pieces squares that change places, always in the same way."""
    side = len(picture) // pieces
    squares = picture.reshape(pieces, side, pieces, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    squares = np.random.default_rng(0).permutation(squares)
    return squares.reshape(pieces, pieces, side, side, 3).swapaxes(1, 2).reshape(picture.shape)
