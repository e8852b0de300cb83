"""Lesson 2: its exercises tell right from wrong."""

import numpy as np
import pytest

from tricknet import images
from tricknet.check import check
from tricknet.networks.objectives import Probability


def ten_steps(network, target, along):
    inputs = [np.zeros((224, 224, 3), np.float32)]
    for _ in range(10):
        inputs.append(inputs[-1] + 0.1 * along(network.gradient(inputs[-1], Probability(target))))
    return inputs


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(article_net, refused):
    (*_, bath), towel = (ten_steps(article_net, name, np.sign) for name in ("bath towel", "paper towel"))
    wrong = [("bath towel", 0 * bath), ("bath towel", 2 * bath), ("paper towel", towel[-1]), ("bath towel", bath[0])]
    refused("2.1", *wrong, (bath, "bath towel"))
    itself = ten_steps(article_net, "paper towel", lambda g: g / np.abs(g).mean())
    away = ten_steps(article_net, "paper towel", lambda g: -g / np.abs(g).mean())
    against = [*away[:10], 2 * away[9] - away[10]]
    refused("2.2", (towel,), ([10 * x for x in itself],), (itself[:5],), (against,), (itself[::-1],))
    assert check("2.2", itself) and check("2.2", np.array(itself))
    assert check("2.1", article_net.labels.find("bath towel"), bath)
    black = np.zeros((224, 224, 3), np.uint8)
    coins = np.random.default_rng(0).integers(0, 5, black.shape, dtype=np.uint8)
    refused("2.3", (coins,), (images.load("panda"),), (black.astype(np.float32),))
