"""Lesson 11's figures: angles between gradients, and what was added to the panda's shoulder."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from tricknet import plots
from tricknet.arrays import Picture
from tricknet.colours import BLUE, grey
from tricknet.counting import Row
from tricknet.plots.charts import ACCENT, Plot
from tricknet.plots.intervals import means
from tricknet.plots.sheet import enlarged


def shoulder(before: Picture, after: Picture) -> Picture:
    """What was added to the panda's shoulder, a mean over colours: grey for nothing, white and black for +-16."""
    added = (after.astype(int) - before).mean(axis=2)
    return enlarged(plots.signed(added[:112, 60:172], 16), 2)


def angles(rows: Sequence[Row]) -> Plot:
    """The rows of the table angles: for each pair of networks the angles, and what chance gives."""
    kinds = {"as they are": "plain", "wobbled": "wobbled"}
    controls = {"": "cosine"} | {f", {column}": column for column in ("another class", "upside down", "shuffled")}
    groups: dict[str, dict[str, list[float]]] = {}
    for row, (name, kind), (change, column) in product(rows, kinds.items(), controls.items()):
        if row["gradient"] == kind:
            series = groups.setdefault(row["networks"], {})
            series.setdefault(name + change, []).append(float(np.degrees(np.arccos(row[column]))))
    xlabel = "angle between two gradients, in degrees:\nmeans of 25 photographs, with 95% intervals"
    colours = [BLUE, *[grey(8)] * 3, ACCENT, *[grey(8)] * 3]
    # Without the values, which lie so far apart that the intervals would hide.
    plot = means(groups, xlabel, "Nearer than chance?", colours=colours, chance=90, values_too=False)
    plot.figure.axes[0].set_xlim(86, 91.5)
    return plot
