"""Lesson 4: its squares get the names that it says, and its exercises tell right from wrong."""

import numpy as np
import skimage.data

from lessons.is_it_size.linear import fit
from lessons.straight_line import figures
from lessons.straight_line.check import NOT_RACCOON, check
from lessons.straight_line.views import small_views
from tricknet import images

SIGNS = np.array([1, -1, 1, 1, -1])
NAMES = ["panda", "grace_hopper", "coffee", "rocket", "sorrel", "convertible", "volcano", "german_shepherd"]
FIRST, THIRD = np.eye(5, dtype=int)[[0, 2]]


def sums_of(views, C):  # noqa: N803
    """What a red, a green and a blue value of a plain square add to each of the classifier's scores; its constants."""
    templates, constants = fit(views.reshape(-1, 32, 32, 3), np.repeat(range(8), views.shape[1]), C)
    return templates.reshape(8, 1024, 3).sum(axis=1), constants


def test_other_draws_of_the_views_say_the_same_of_plain_colours_but_not_of_the_volcano():
    views = small_views(map(images.load, NAMES), 60)
    squares = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (255, 128, 0), (0, 0, 255)]
    colours = np.concatenate([squares, 5 * np.indices((52, 52, 52)).reshape(3, -1).T])
    for start, rare in ((0, set()), (1, {"volcano"})):  # a third of the lesson's views, so C is three times as large
        sums, constants = sums_of(views[:, start::2], 0.003)
        answers = [NAMES[k] for k in (colours @ sums.T + constants).argmax(axis=1)]
        assert answers[:6] == ["rocket", "sorrel", "coffee", "german_shepherd", "coffee", "rocket"]
        assert {*answers} == {*answers[:6]} | rare


def test_the_slices_of_the_cube_are_named_right():
    sums, constants = sums_of(small_views(map(images.load, NAMES), 150)[:, :100], 0.001)
    axes = figures.cube(dict.fromkeys(NAMES, 1), sums, constants).figure.axes
    named = [(text.get_text(), int(ax.get_title()[4:]), *text.get_position()) for ax in axes for text in ax.texts]
    assert all(name == NAMES[(sums @ colour + constants).argmax()] for name, *colour in named)
    assert len({name for name, *_ in named}) == 5


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
