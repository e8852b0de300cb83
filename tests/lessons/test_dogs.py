"""Lesson 6: how it counts, and the checks of its exercises."""

from functools import partial

import numpy as np
import pytest
from scipy import stats

from lessons.dogs.resistance import correlation, mean_reach
from tricknet import images, make_less_like, trick
from tricknet.check import check

DOG = images.load("german_shepherd")


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    panda, mosque, castle = map(images.load, ("panda", "mosque", "castle"))
    tried = (DOG, "muzzle", 2, 3), (DOG, "muzzle", 1, 11), (panda, "muzzle", 1, 1), (DOG, "dhole", 1, 10)
    refused("6.1", *((trick(googlenet, p, target, epsilon=e, steps=n),) for p, target, e, n in tried))
    assert check("6.1", trick(googlenet, DOG, "muzzle", epsilon=1, steps=10))

    towards = partial(trick, googlenet, target="vulture")
    failed, worked = towards(mosque, epsilon=1, steps=10), towards(mosque)
    easy, of_the_dog = (towards(picture, epsilon=1, steps=10) for picture in (panda, DOG))
    away = make_less_like(googlenet, mosque, "vulture", steps=2)
    refused("6.2", (easy, easy), (worked, worked), (failed, failed), (towards(castle, epsilon=1, steps=1), worked))
    balls = [trick(googlenet, mosque, "tennis ball", epsilon=e, steps=n) for e, n in ((1, 10), (2, 30))]
    lazy = towards(mosque, epsilon=1, steps=10, method="gradient")
    refused("6.2", (of_the_dog, of_the_dog), (away, away), (lazy, worked), balls)
    assert check("6.2", failed, worked)


def sideways(picture):
    return np.abs(np.diff(picture.astype(float), axis=1)).mean()


def test_an_explanation_is_judged_by_the_other_half(refused):
    """Neighbours side by side leave it open; one above the other, they hold, whichever way the number points."""
    assert check("6.3", sideways, "open")
    assert check("6.3", lambda picture: -sideways(picture.swapaxes(0, 1)), "holds")
    random, shares = np.random.default_rng(0), mean_reach("evidence", "held out")
    tables = {images.load(name).tobytes(): share for name, share in shares.items()}
    wrong = np.mean, lambda picture: random.random(), lambda picture: tables[picture.tobytes()], np.copy, lambda _: 1
    refused("6.3", (sideways, "holds"), (sideways, "true"), *((explanation, "open") for explanation in wrong))


def test_a_correlation_of_ranks_has_the_interval_that_luck_asks_for():
    """Of pairs drawn with a known correlation (Pearson 1907), 95% of the intervals hold it."""
    random = np.random.default_rng(0)
    draws = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=(1000, 30))
    found = [correlation(*pairs.T) for pairs in draws]
    assert 930 <= sum(low <= 6 / np.pi * np.arcsin(0.25) <= high for _, low, high in found) <= 970
    assert found[0][0] == pytest.approx(np.corrcoef(*map(stats.rankdata, draws[0].T))[0, 1])
