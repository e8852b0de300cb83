"""Lesson 17: its quiz tells right from wrong."""

import numpy as np
import pytest

from lessons.visible_vulture import QUIZ, WITH_NOISE
from lessons.visible_vulture.check import check, names, tries

ORDER = sorted(names(), key=str.lower)
RIGHT = "".join("ABCDEFGHIJKLMNOP"[ORDER.index(name)] for name in names())


def first(letters):
    """The verdict of somebody who has not tried before."""
    tries.clear()
    return check("17.1", letters)


def read(numbers):
    """The right letters of these pictures, and dots."""
    return "".join(RIGHT[number] if number in numbers else "." for number in range(QUIZ))


@pytest.mark.parametrize("letters", ["ABC", QUIZ * "A", QUIZ * ".", read(set(range(QUIZ)) - WITH_NOISE), 5])
def test_the_quiz_refuses_what_shows_nothing_about_noise(letters):
    assert first(letters).state == "wrong"


def test_the_quiz_takes_what_luck_seldom_finds():
    assert first(RIGHT.lower()) and first(read(WITH_NOISE)) and first(read(sorted(WITH_NOISE)[:4]))
    random = np.random.default_rng(1)
    assert sum(bool(first("".join(random.permutation(list(RIGHT))))) for _ in range(100)) <= 2


def test_only_the_first_try_counts():
    assert first(QUIZ * "A").state == check("17.1", RIGHT).state == "wrong"
    assert first(RIGHT) and check("17.1", RIGHT) and check("17.1", QUIZ * "A").state == "wrong"
