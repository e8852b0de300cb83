"""The figure of The lamp: what a map lights."""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage

from lessons.lamp import lamp
from tricknet.arrays import Doubles, Picture
from tricknet.plots.pictures import show
from tricknet.plots.sheet import Sheet

WARM = 255, 200, 80  # the colour of a line around what is lit, without which a dark square would look unlit


def lit(picture: Picture, maps: Mapping[str, Doubles], alt: str) -> Sheet:
    """A picture for each map of 7 x 7 squares: the ten largest are lit, and the rest lies in the dark."""
    squares = np.ones((len(picture) // 7, picture.shape[1] // 7, 1), bool)
    masks = [np.kron(lamp.strongest(values)[..., None], squares) for values in maps.values()]
    shown = []
    for mask in masks:
        within = ndimage.binary_erosion(mask, np.ones((3, 3, 1)), iterations=2)
        shown.append(np.select([within, mask], [picture, WARM], picture // 6).astype(np.uint8))
    return show(shown, list(maps), alt)
