"""Lesson 4: its exercises tell right from wrong."""

import numpy as np
import skimage.data

from lessons.is_it_size.linear import fit
from lessons.straight_line.check import NOT_RACCOON, check

SIGNS = np.array([1, -1, 1, 1, -1])
FIRST, THIRD = np.eye(5, dtype=int)[[0, 2]]


def test_the_exercises_tell_right_from_wrong(refused):
    one, five = NOT_RACCOON + FIRST, NOT_RACCOON + 0.5 * SIGNS
    assert check("4.1", list(one), list(five))
    refused("4.1", (NOT_RACCOON + SIGNS, five), (NOT_RACCOON + 3 * THIRD, five), (one[:4], five), (one * np.nan, five))
    refused("4.1", (one, NOT_RACCOON + 0.4 * SIGNS), (one, NOT_RACCOON + 0.505 * SIGNS), (one, NOT_RACCOON - SIGNS))
    refused("4.1", (NOT_RACCOON, five), (NOT_RACCOON + THIRD, five), (NOT_RACCOON - FIRST, five))
    spikes = (warm := np.full((32, 32, 3), np.array([3, -1, -2]) / 1024)).copy()
    spikes[0, :2] += [[100], [-100]]
    assert check("4.2", spikes)
    refused("4.2", (warm,), (100 * warm,), (warm[0],))

    pictures = np.rint(skimage.data.lfw_subset() * 255).astype(np.uint8)
    (weights,), (constant,) = fit(pictures, np.repeat([1, 0], 100), 1)
    face, not_one, line = pictures[0], pictures[150], (weights, constant)
    moved = [(face - e * np.sign(weights).reshape(25, 25)).clip(0, 255).astype(np.uint8) for e in range(256)]
    least = next(e for e, picture in enumerate(moved) if weights @ picture.ravel() + constant <= 0)
    assert f" {least}, " in check("4.3", weights, np.array([constant]), face, moved[least]).text
    further = moved[least + 3]
    refused("4.3", (*line, face, further), (*line, face, face), (*line, face, moved[least] / 1.0))
    refused("4.3", (-weights, -constant, face, further), (*line, not_one, face), (weights[:5], constant, face, face))
    refused("4.3", (weights, -weights @ face.ravel(), face, face))  # with this constant, the face is just not seen
