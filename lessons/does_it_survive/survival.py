"""Lesson 8's idea: a picture that moves by whole pixels, and what else the world does to it.

Changes take and give a uint8 picture, height x width x 3.
"""

from collections.abc import Callable

import numpy as np

from lessons.does_it_survive import table
from tricknet.arrays import Floats, Picture, rounded
from tricknet.attacks import transforms
from tricknet.counting import Rate, Row, Value, rate
from tricknet.images import SIZE

MOVES = (*range(9), 12, 16)  # pixels
ENOUGH = 5  # of eight shots by a camera

# Files, and what programs do to pictures.
WAYS: dict[str, Callable[[Picture], Picture]] = {
    "PNG": lambda p: p,
    "JPEG 85": lambda p: transforms.jpeg(p, 85),
    "JPEG 50": lambda p: transforms.jpeg(p, 50),
    "shrunk to 200": lambda p: transforms.shrink(p, 200),
    "cropped by 1 pixel": lambda p: transforms.crop(p, 1),
    "cropped by 8 pixels": lambda p: transforms.crop(p, 8),
}


def moving(right: int, down: int = 0) -> transforms.Linear:
    """Moved to the right and down by whole pixels (negative: to the left, up), with the edge repeated."""
    places, weights = np.arange(SIZE), np.eye(SIZE, dtype=np.float32)
    rows, columns = (weights[np.clip(places - by, 0, SIZE - 1)] for by in (down, right))
    return transforms.Linear(rows, columns)


def moved(picture: Picture, right: int, down: int = 0) -> Picture:
    """The same move as `moving`, of a uint8 picture, which stays uint8."""
    return rounded(moving(right, down)(picture))


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


def soft(picture: Picture) -> Picture:
    """A simulated lens that is not quite sharp: shrunk to 200 pixels per side, then enlarged to its old size."""
    return transforms.shrink(picture, 200)


def survivors(name: str, change: str, **which: Value) -> Rate:
    """How many of a table's pictures that worked before a change survive it? Without a change, of all.

    name: "moves", "survival" or "unseen". change: a column, such as "JPEG 85"; "PNG", or "0" of `moves`, is no change.
    which: the columns that choose the rows, such as `how="plain", epsilon=2`.
    """
    rows = [row for row in table(name) if which.items() <= row.items()]
    before = "0" if name == "moves" else "PNG"
    rows = rows if change == before else [row for row in rows if survives(row, before)]
    return rate(sum(survives(row, change) for row in rows), len(rows))


def survives(row: Row, change: str) -> bool:
    """Is the first answer what it should be: the target, or for a photograph what it showed before?

    In a camera it should be so in at least five of eight shots.
    """
    answer = "first" if row["how"] == "photograph" else "target"
    return row[change] == answer or row[change] in range(ENOUGH, 9)
