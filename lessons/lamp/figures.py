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
    masks = [np.kron(saliency.strongest(values)[..., None], np.ones((32, 32, 1), bool)) for values in maps.values()]
    shown = []
    for mask in masks:
        within = ndimage.binary_erosion(mask, np.ones((3, 3, 1)), iterations=2)
        shown.append(np.select([within, mask], [picture, WARM], picture // 6).astype(np.uint8))
    return show(shown, list(maps), alt)


def camps(groups: Mapping[str, Sequence[float]], near: float) -> Plot:
    """Correlations of two maps of each photograph, stacked in a row for each kind of map; those above near count."""
    figure, (ax,), tops = row_axes(groups, 3)
    alike = {name: {"nearly the same": rate(int(np.sum(np.array(r) > near)), len(r))} for name, r in groups.items()}
    for top, values, counted in zip(tops, groups.values(), alike.values(), strict=True):
        columns = np.round(values, 1)
        heights = np.array([(columns[:i] == column).sum() for i, column in enumerate(columns)])
        ax.scatter(columns, top + 0.25 * heights, s=16, color=[ACCENT if v > near else BLUE for v in values])
        words = f"{counted['nearly the same'].k} of {len(values)}"
        ax.text(1.03, top, words, color=ACCENT, va="center", transform=ax.get_yaxis_transform())
    ax.axvspan(near, 1.05, color=ACCENT, alpha=0.1, linewidth=0)
    ax.set(xlim=(-1.05, 1.05), xlabel="rank correlation of the two maps' 49 squares")
    return Plot(figure, f"{in_words(alike)}.")
