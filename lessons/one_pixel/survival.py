"""Lesson 8's idea: what follows a picture that moves by whole pixels, and what survives it."""

from collections.abc import Sequence

import numpy as np

from tricknet.arrays import Floats
from tricknet.counting import Rate, Row, Value, rate

MOVES = (*range(9), 12, 16)  # pixels
ENOUGH = 5  # of eight shots by a camera


def follows(before: Floats, after: Floats, units: float) -> float:
    """How well a layer's activations have moved along: the correlation with the old ones, moved to the right.

    before, after: height x width x channels. units: how far they should have moved; between two units, the better of
    the two counts. Near the edges, where the picture was repeated, nothing is compared.
    """
    edge, width = before.shape[0] // 7, before.shape[1]
    scores = []
    for by in {int(np.floor(units)), int(np.ceil(units))}:
        old, new = before[edge:-edge, edge : width - edge - by], after[edge:-edge, edge + by : width - edge]
        scores.append(float(np.corrcoef(old.ravel(), new.ravel())[0, 1]))
    return max(scores)


def survivors(rows: Sequence[Row], change: str, **which: Value) -> Rate:
    """How many of a table's pictures that worked before a change survive it? Without a change, of all.

    change: a column, such as "JPEG 85"; "PNG" and "0", moved by 0 pixels, are no change.
    which: the columns that choose the rows, such as `how="plain", epsilon=2`.
    """
    rows = [row for row in rows if which.items() <= row.items()]
    before = "0" if "0" in rows[0] else "PNG"
    rows = rows if change == before else [row for row in rows if survives(row, before)]
    return rate(sum(survives(row, change) for row in rows), len(rows))


def survives(row: Row, change: str) -> bool:
    """Is the first answer what it should be: the target, or for a photograph what it showed before?

    In a camera it should be so in at least five of eight shots.
    """
    answer = "first" if row["how"] == "photograph" else "target"
    return row[change] == answer or row[change] in range(ENOUGH, 9)
