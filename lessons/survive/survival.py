"""Lesson 8's idea: what happens to a picture out in the world, and what that leaves of a perturbation.

Changes take and give a uint8 picture, height x width x 3. Those of `tricknet.attacks.transforms` have a way back for
gradients, so an attack can be trained on them. No attack in this course draws those that are defined here, so they can
judge one that was trained on others.
"""

import numpy as np
import numpy.typing as npt

from lessons.survive import table
from tricknet.arrays import Doubles, Picture, rounded
from tricknet.attacks import transforms
from tricknet.evidence import Row, Value
from tricknet.unseen import Change

ENOUGH = 5  # of eight shots by a camera


# What lesson 8 begins with: files, and what programs do to pictures.
WAYS: dict[str, Change] = {
    "PNG": lambda p: p,
    "JPEG 95": lambda p: transforms.jpeg(p, 95),
    "JPEG 85": lambda p: transforms.jpeg(p, 85),
    "JPEG 50": lambda p: transforms.jpeg(p, 50),
    "shrunk to 200": lambda p: transforms.shrink(p, 200),
    "cropped by 1 pixel": lambda p: transforms.crop(p, 1),
    "cropped by 8 pixels": lambda p: transforms.crop(p, 8),
    "blurred": lambda p: transforms.blur(p, 0.7),
    "20% darker": lambda p: transforms.brighten(p, 0.8),
    "20% brighter": lambda p: transforms.brighten(p, 1.2),
}


def soft(picture: Picture) -> Picture:
    """An imitation of a lens that is not quite sharp: shrunk to 200 pixels per side, then enlarged to its old size."""
    return transforms.shrink(picture, 200)


def remains(change: Change, photograph: Picture, picture: Picture) -> Doubles:
    """What a change makes of a perturbation: the changed picture minus the changed photograph (height x width x 3)."""
    return change(picture).astype(np.float64) - change(photograph)


def left(change: Change, photograph: Picture, picture: Picture) -> float:
    """How much of a perturbation is left in its place after a change: 1 for all of it, 0.5 for half.

    It is the part of what remains that points along the perturbation before, as a share of that.
    """
    before = picture.astype(np.float64) - photograph
    return float((remains(change, photograph, picture) * before).sum() / (before**2).sum())


def shifted(photograph: Picture, picture: Picture, pixels: int) -> Picture:
    """The photograph with all of the picture's perturbation, moved to the right by a few pixels."""
    moved = np.roll(picture.astype(np.int16) - photograph, pixels, axis=1)
    return rounded(photograph + moved)


def held(name: str, change: str, **which: Value) -> npt.NDArray[np.bool_]:
    """Which pictures of a table held through a change: those whose first answer was still what it should be.

    name: "survival" or "unseen". which: the columns that choose the rows, such as `set="HELD_OUT", how="plain"`. It
    should be the target, and for a photograph what it shows; in a camera, in at least five of eight shots.
    """
    return np.array([holds(row, change) for row in table(name) if which.items() <= row.items()])


def holds(row: Row, change: str) -> bool:
    """Did the picture of a row hold through a change, as `held` counts it?"""
    answer = "first" if row["how"] == "photograph" else "target"
    return row[change] == answer or row[change] in range(ENOUGH, 9)
