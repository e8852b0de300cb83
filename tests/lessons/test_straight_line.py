"""Lesson 4: its squares get the names that it says, and its exercises tell right from wrong."""

import numpy as np
import skimage.data

from lessons.is_it_size.linear import fit
from lessons.straight_line.check import check
from lessons.straight_line.views import small_views
from tricknet import images

NOT_RACCOON = np.array([20, 90, 31, 60, 122])
SIGNS = np.array([1, -1, 1, 1, -1])
NAMES = ["panda", "grace_hopper", "coffee", "rocket", "sorrel", "convertible", "volcano", "german_shepherd"]
FIRST, THIRD = np.eye(5, dtype=int)[[0, 2]]


def scores_of(colours, views, C):  # noqa: N803
    """What lesson 4's network, fitted to these views, says of squares of plain colours."""
    templates, constants = fit(views.reshape(-1, 32, 32, 3), np.repeat(range(8), views.shape[1]), C)
    return np.tile(colours, 1024) @ templates.T + constants


def test_plain_black_is_a_rocket_and_plain_red_is_coffee():
    """As lesson 4 says, and not on account of its one draw of views: two other draws say so too."""
    views = small_views(map(images.load, NAMES), 60)
    colours = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [255, 128, 0], [0, 0, 255]])
    for part in (slice(0, None, 2), slice(1, None, 2)):  # a third of the lesson's views, so C is three times as large
        answers = scores_of(colours, views[:, part], 0.003).argmax(axis=1)
        assert [NAMES[k] for k in answers] == ["rocket", "sorrel", "coffee", "german_shepherd", "coffee", "rocket"]


def test_no_plain_colour_is_a_panda_an_admiral_or_a_car_and_one_is_a_volcano():
    """At the corners of the cube of colours a team of rivals leads; what is linear is smallest at a corner."""
    colours = np.vstack([255 * np.indices((2, 2, 2)).reshape(3, 8).T, [255, 255, 37]])
    *corners, yellow = scores_of(colours, small_views(map(images.load, NAMES), 150)[:, :100], 0.001)
    panda, admiral, coffee, rocket, horse, car, _, dog = np.transpose(corners)
    assert (2 / 3 * horse + 1 / 3 * dog > panda).all()
    assert (0.27 * coffee + 0.55 * rocket + 0.18 * horse > admiral).all()
    assert (0.2 * coffee + 0.1 * rocket + 0.22 * horse + 0.48 * dog > car).all()
    assert NAMES[yellow.argmax()] == "volcano"


def test_the_exercises_tell_right_from_wrong(refused):
    one, five = NOT_RACCOON + FIRST, NOT_RACCOON + 0.5 * SIGNS
    assert check("4.1", list(one), list(five))
    refused("4.1", (NOT_RACCOON + SIGNS, five), (NOT_RACCOON + 3 * THIRD, five), (one[:4], five), (one * np.nan, five))
    refused("4.1", (one, NOT_RACCOON + 0.4 * SIGNS), (one, NOT_RACCOON + SIGNS))
    refused("4.1", (NOT_RACCOON, five), (NOT_RACCOON + THIRD, five))
    warm = np.broadcast_to(np.array([3.0, -1.0, -2.0]) / 1024, (32, 32, 3))
    refused("4.2", (warm,), (100 * warm,), (warm[0],))

    pictures = np.rint(skimage.data.lfw_subset() * 255).astype(np.uint8)
    (weights,), (constant,) = fit(pictures, np.repeat([1, 0], 100), 1)
    face, not_one, line = pictures[0], pictures[150], (weights, constant)
    moved = [(face - e * np.sign(weights).reshape(25, 25)).clip(0, 255).astype(np.uint8) for e in range(256)]
    least = next(e for e, picture in enumerate(moved) if weights @ picture.ravel() + constant <= 0)
    assert f" {least}, " in check("4.3", *line, face, moved[least]).text
    further = moved[least + 3]
    refused("4.3", (*line, face, further), (*line, face, face), (*line, face, moved[least] / 1.0))
    refused("4.3", (-weights, -constant, face, further), (*line, not_one, face), (weights[:5], constant, face, face))
    refused("4.3", (weights, -weights @ face.ravel(), face, face))  # with this constant, the face is just not seen
