"""Lesson 2: its exercises tell right from wrong."""

import numpy as np
import pytest

from tricknet import images
from tricknet.networks.objectives import Probability


def ten_steps(network, target, along):
    x = np.zeros((224, 224, 3), np.float32)
    for _ in range(10):
        x = x + 0.1 * along(network.gradient(x, Probability(target)))
    return x


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(article_net, refused):
    bath, paper = (ten_steps(article_net, towel, np.sign) for towel in ("bath towel", "paper towel"))
    refused("2.1", (0 * bath,), (2 * bath / np.abs(bath).max(),), (paper,), (bath.transpose(2, 0, 1),))
    refused("2.1", (bath.astype(np.uint8),))
    itself = ten_steps(article_net, "paper towel", lambda g: g / np.abs(g).mean())
    refused("2.2", (paper,), (10 * itself,), (0 * itself,))
    black = np.zeros((224, 224, 3), np.uint8)
    coins = np.random.default_rng(0).integers(0, 5, black.shape, dtype=np.uint8)
    refused("2.3", (coins,), (images.load("panda"),), (black.astype(np.float32),))
