"""Lesson 4's checks: the mistakes that are near, and what is said about them."""

import numpy as np
import pytest
import skimage.data

from lessons.straight_line.check import check
from lessons.straight_line.linear import Line, fit, fool

NOT_RACCOON = np.array([20, 90, 31, 60, 122])
SIGNS = np.array([1, -1, 1, 1, -1])
FIRST, THIRD = np.eye(5, dtype=int)[[0, 2]]


def said(number, *answers):
    return repr(check(number, *answers))


def test_one_pixel_or_all_five():
    one, five = NOT_RACCOON + FIRST, NOT_RACCOON + 0.5 * SIGNS
    assert check("4.1", one, five)
    assert check("4.1", list(one), list(five))
    for wrong, sentence in [
        ((NOT_RACCOON, five), "only one pixel should change, but 0 do"),
        ((NOT_RACCOON + SIGNS, five), "only one pixel should change, but 5 do"),
        ((NOT_RACCOON + THIRD, five), "score is -12"),
        ((NOT_RACCOON + 3 * THIRD, five), "moves by 3"),
        ((one, NOT_RACCOON + 0.4 * SIGNS), "score is -4.2"),
        ((one, NOT_RACCOON + SIGNS), "largest change is 1.00"),
        ((one[:4], five), "shape"),
        ((one * np.nan, five), "not finite"),
    ]:
        assert sentence in said("4.1", *wrong) and not check("4.1", *wrong)


def test_use_the_room():
    warm = np.broadcast_to(np.array([3.0, -1.0, -2.0]) / 1024, (32, 32, 3))
    board = np.where(np.indices((32, 32)).sum(axis=0) % 2, 1.0, -1.0)[..., None]  # a chessboard adds up to zero
    assert check("4.2", warm + board)
    assert "L1 norm is 1.0 times" in said("4.2", warm)
    assert "should add up to" in said("4.2", 100 * warm)
    assert "shape (32, 32, 3)" in said("4.2", warm[0])


@pytest.fixture(scope="module")
def faces():
    pictures, labels = np.rint(skimage.data.lfw_subset() * 255).astype(np.uint8), np.repeat([1, 0], 100)
    return pictures, fit(pictures, labels, C=1)


def test_is_it_a_face(faces):
    pictures, line = faces
    face = pictures[0]
    epsilon, no_face = fool(line, face, 1)
    assert f"an epsilon of {epsilon}, and no whole epsilon below" in said("4.3", line, face, no_face)
    signs = np.sign(line.weights[0] - line.weights[1]).reshape(25, 25)
    further = np.clip(face + (epsilon + 3) * signs, 0, 255).astype(np.uint8)
    swapped = Line(line.weights[::-1], line.bias[::-1])
    for wrong, sentence in [
        ((line, face, further), "a smaller one will do"),
        ((line, face, face), "still takes the result for a face"),
        ((line, face, no_face / 1.0), "holds float64"),
        ((line, no_face, face), "should be one of the 100 faces"),
        ((line, pictures[150], face), "should be one of the 100 faces"),
        ((swapped, face, no_face), "right on 0%"),
        ((line.weights, face, no_face), "should be a `Line`"),
    ]:
        assert sentence in said("4.3", *wrong)
