"""Bugs or features? Do tricks arrive inside their box, and does the exercise tell noise that teaches from noise?"""

import numpy as np
import pytest

import tricknet
from lessons.bugs_or_features.learning import towards
from tricknet.networks.classifier import first_answers


def test_pictures_move_towards_a_class_each_and_stay_in_the_box(data):
    plain, pictures, classes = tricknet.load("FashionNet plain"), data[1][0][:201], np.arange(201) % 10
    moved = towards(plain, pictures, classes)
    assert np.abs(moved.astype(int) - pictures).max() == 16
    assert np.equal(first_answers(plain, moved), classes).mean() > 0.7
    assert np.array_equal(moved[200:], towards(plain, pictures[200:], classes[200:]))


@pytest.mark.long
def test_the_exercise_tells_right_from_wrong(data, refused):
    from tricknet.check import check

    (pictures, right), random = (part[:10_000] for part in data[0]), np.random.default_rng(0)
    tricked = towards(tricknet.load("FashionNet plain"), pictures, (right + random.integers(1, 10, 10_000)) % 10)
    noise = tricked.astype(int) - pictures
    clipped = lambda change: (pictures + change).clip(0, 255).astype(np.uint8)  # noqa: E731
    assert check("0.13", clipped(np.roll(noise, 1, axis=0)))
    refused("0.13", (tricked,), (pictures,), (clipped(2 * noise),), (tricked[:10],))
