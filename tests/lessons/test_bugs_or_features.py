"""Bugs or features? Its exercise tells noise that teaches from noise that doesn't."""

import numpy as np
import pytest

import tricknet
from lessons.bugs_or_features import trick_towards
from tricknet.check import check


@pytest.mark.long
def test_tricks_teach_and_another_s_noise_does_not(data, refused):
    pictures, right = (part[:10_000] for part in data[0])
    wrong = (right + np.random.default_rng(0).integers(1, 10, 10_000)) % 10
    tricked = trick_towards(tricknet.load("FashionNet plain"), pictures, wrong)
    noise = tricked.astype(int) - pictures
    coined = (pictures + np.random.default_rng(3).choice([-16, 16], pictures.shape)).clip(0, 255).astype(np.uint8)
    refused("0.13", (tricked,), (pictures,), (tricked[:10],), (pictures.astype(int),), (coined,))
    assert all(check("0.13", (pictures + own).clip(0, 255).astype(np.uint8)) for own in (np.roll(noise, 1, 0), -noise))
