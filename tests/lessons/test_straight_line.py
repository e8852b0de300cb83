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


def test_plain_black_is_a_rocket_and_plain_red_is_coffee():
    """As lesson 4 says, and not on account of its one draw of views: two other draws say so too."""
    views = small_views(map(images.load, NAMES), 60)
    colours = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [255, 128, 0], [0, 0, 255]])
    for part in (slice(0, None, 2), slice(1, None, 2)):  # a third of the lesson's views, so C is three times as large
        templates, constants = fit(views[:, part].reshape(240, 32, 32, 3), np.repeat(range(8), 30), 0.003)
        scores = np.tile(colours, 1024) @ templates.T + constants
        answers = ["rocket", "sorrel", "coffee", "german_shepherd", "coffee", "rocket"]
        assert [NAMES[k] for k in scores.argmax(axis=1)] == answers


def test_no_plain_colour_is_a_panda_an_admiral_or_a_car_and_one_is_a_volcano():
    """At the corners of the cube of colours a team of rivals leads; what is linear is smallest at a corner."""
    views = small_views(map(images.load, NAMES), 150)[:, :100]
    templates, constants = fit(views.reshape(800, 32, 32, 3), np.repeat(range(8), 100), 0.001)
    corners = np.tile(255 * np.indices((2, 2, 2)).reshape(3, 8).T, 1024) @ templates.T + constants
    coffee, rocket, horse, dog = corners[:, [2, 3, 4, 7]].T
    assert (2 / 3 * horse + 1 / 3 * dog > corners[:, 0]).all()
    assert (0.27 * coffee + 0.55 * rocket + 0.18 * horse > corners[:, 1]).all()
    assert (0.2 * coffee + 0.1 * rocket + 0.22 * horse + 0.48 * dog > corners[:, 5]).all()
    assert NAMES[(np.tile([255, 255, 37], 1024) @ templates.T + constants).argmax()] == "volcano"


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
    face, signs = pictures[0], np.sign(weights).reshape(25, 25)
    moved = [np.clip(face - epsilon * signs, 0, 255).astype(np.uint8) for epsilon in range(256)]
    least = next(e for e, picture in enumerate(moved) if weights @ picture.ravel() + constant <= 0)
    assert f" {least}, " in check("4.3", weights, constant, face, moved[least]).text
    further, not_one, grey = moved[least + 3], pictures[150], moved[least] / 1.0
    refused("4.3", (weights, constant, face, further), (weights, constant, face, face), (weights, constant, face, grey))
    refused(
        "4.3",
        (-weights, -constant, face, further),
        (weights, constant, not_one, face),
        (weights[:5], constant, face, face),
    )
    stubborn = -weights @ face.ravel()  # the constant with which this one face is just not seen
    refused("4.3", (weights, stubborn, face, face))
