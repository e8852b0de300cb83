"""The figures of The lamp: what a map lights, and five maps against the lamp."""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage

from lessons.lamp import saliency
from tricknet.arrays import Doubles, Picture
from tricknet.colours import BLUE, grey
from tricknet.counting import Rate
from tricknet.plots.charts import ACCENT, Plot
from tricknet.plots.intervals import in_words, row_axes, share_axis
from tricknet.plots.pictures import show
from tricknet.plots.sheet import Sheet

OTHER = grey(7)  # the colour of a map that isn't a network's
WARM = 255, 200, 80  # the colour of a line around what is lit, without which a dark square would look unlit


def lit(picture: Picture, maps: Mapping[str, Doubles], alt: str) -> Sheet:
    """A picture for each map of 7 x 7 squares: the ten largest are lit, and the rest lies in the dark."""
    squares = np.ones((len(picture) // 7, picture.shape[1] // 7, 1), bool)
    masks = [np.kron(saliency.strongest(values)[..., None], squares) for values in maps.values()]
    shown = []
    for mask in masks:
        within = ndimage.binary_erosion(mask, np.ones((3, 3, 1)), iterations=2)
        shown.append(np.select([within, mask], [picture, WARM], picture // 6).astype(np.uint8))
    return show(shown, list(maps), alt)


def duel(groups: Mapping[str, Mapping[str, Rate]], rival: str) -> Plot:
    """Shares with their 95% intervals: a panel for each series, a row for each map, and a line through the rival's.

    groups: {map: {series: rate}}. The maps above the rival are the network's, and those below it aren't.
    """
    names, series = list(groups), list(groups[rival])
    figure, axes, tops = row_axes(names, columns=len(series))
    for ax, what in zip(axes, series, strict=True):
        for row, (y, name) in enumerate(zip(tops, names, strict=True)):
            rate = groups[name][what]
            colour = ACCENT if name == rival else BLUE if row < names.index(rival) else OTHER
            ax.plot([rate.low, rate.high], [y, y], color=colour, linewidth=3, alpha=0.4)
            ax.plot(rate.share, y, "o", color=colour, markersize=8)
            ax.text(rate.high + 0.03, y, rate.k, color=colour, va="center")
        share_axis(ax, f"of {rate.n} photographs")
        ax.axvline(groups[rival][what].share, color=ACCENT, linestyle=":")
        ax.set_title(what, fontsize=11)
    return Plot(figure, f"{in_words(groups)}.")
