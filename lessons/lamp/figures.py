"""The figures of The lamp: what a map lights, and two maps of one photograph compared."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import ndimage

from lessons.lamp import saliency
from tricknet.arrays import Doubles, Picture
from tricknet.colours import BLUE
from tricknet.counting import rate
from tricknet.plots.charts import ACCENT, Plot
from tricknet.plots.intervals import in_words, row_axes
from tricknet.plots.pictures import show
from tricknet.plots.sheet import Sheet

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


def camps(groups: Mapping[str, Sequence[float]], near: float) -> Plot:
    """Rank correlations of two maps of a photograph: a row for each kind of map, whose photographs are stacked dots.

    Those above `near`, whose maps are nearly the same, are counted on the right.
    """
    figure, (ax,), tops = row_axes(groups, 3.5)
    alike = {}
    for name, values, top in zip(groups, groups.values(), tops, strict=True):
        columns = np.round(values, 1)
        heights = [int((columns[:i] == column).sum()) for i, column in enumerate(columns)]
        colours = np.where(np.array(values) > near, ACCENT, BLUE).tolist()
        ax.scatter(columns, top + 3.5 - 0.25 * np.array(heights), s=16, color=colours)
        alike[name] = {"nearly the same": rate(sum(value > near for value in values), len(values))}
        words = f"{alike[name]['nearly the same'].k} of {len(values)}"
        ax.text(1.03, top + 3.5, words, color=ACCENT, va="center", transform=ax.get_yaxis_transform())
    ax.axvspan(near, 1.05, color=ACCENT, alpha=0.1, linewidth=0)
    ax.set(xlim=(-1.05, 1.05), xlabel="rank correlation of the two maps' 49 squares")
    return Plot(figure, f"{in_words(alike)}.")
