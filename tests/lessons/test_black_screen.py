"""Lesson 2: its drawings show what they are given, and its exercises tell right from wrong."""

import numpy as np
import pytest

from lessons.black_screen.check import check
from tricknet import images
from tricknet.networks.objectives import Probability


def walk(network, target, along):
    """Ten steps of 0.1 from mean grey."""
    x = np.zeros((224, 224, 3), np.float32)
    for _ in range(10):
        x = x + 0.1 * along(network.gradient(x, Probability(target)))
    return x


@pytest.mark.long
def test_exercise_1_wants_another_class_within_1(article_net, refused):
    towel = walk(article_net, "bath towel", np.sign)
    assert check("2.1", towel)
    nothing, far = np.zeros_like(towel), 2 * towel / np.abs(towel).max()
    refused("2.1", (nothing,), (far,), (walk(article_net, "paper towel", np.sign),), (towel.transpose(2, 0, 1),))
    refused("2.1", (towel.astype(np.uint8),))


def test_exercise_2_wants_the_gradient_itself(article_net, refused):
    itself = walk(article_net, "paper towel", lambda g: g / np.abs(g).mean())
    assert check("2.2", itself)
    refused("2.2", (walk(article_net, "paper towel", np.sign),), (10 * itself,), (0 * itself,))


def test_exercise_3_wants_black_to_be_something_else(refused):
    black = np.zeros((224, 224, 3), np.uint8)
    coins = np.random.default_rng(0).integers(0, 5, black.shape, dtype=np.uint8)
    refused("2.3", (coins,), (images.example("panda"),), (black.astype(np.float32),))
