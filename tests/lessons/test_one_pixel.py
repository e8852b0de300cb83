"""Lesson 8: its moves and checks."""

import numpy as np
import pytest

from lessons.one_pixel import survival
from tricknet import images, trick
from tricknet.attacks import transforms

RANDOM = np.random.default_rng(0)
PANDA = images.load("panda")
NOISE = RANDOM.integers(0, 256, (224, 224, 3), dtype=np.uint8)


def test_a_move_takes_everything_along_and_repeats_the_edge():
    after = transforms.move(NOISE, 3, -2)
    assert np.array_equal(after[:-2, 3:], NOISE[2:, :-3])
    assert (after[:, :3] == after[:, 3:4]).all() and (after[-2:] == after[-3]).all()
    assert np.array_equal(transforms.move(NOISE, 0), NOISE)


def test_activations_follow_a_move_by_whole_units_and_nothing_else():
    before = RANDOM.random((56, 56, 8))
    after = np.roll(before, 3, axis=1)
    assert [survival.follows(before, after, by) for by in (3, 2.5)] == pytest.approx([1, 1])  # the better of 2 and 3
    assert abs(survival.follows(before, after, 2)) < 0.1


def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    vulture = trick(googlenet, PANDA, "vulture", epsilon=2, steps=10).after
    refused("8.1", (PANDA,), (vulture,), (transforms.move(vulture, -3),))
    refused("8.2", (PANDA,), (vulture,), (transforms.move(PANDA, 8),))
