"""Bugs or features? Tricks stay in their box, most of them arrive, and the exercise tells noise from noise."""

import numpy as np
import pytest

import tricknet
from lessons.bugs_or_features import towards
from tricknet.check import check


@pytest.mark.long
def test_the_exercise_tells_noise_that_teaches_from_noise(data, refused):
    plain, (pictures, right) = tricknet.load("FashionNet plain"), (part[:10_000] for part in data[0])
    wrong = (right + np.random.default_rng(0).integers(1, 10, 10_000)) % 10
    tricked = towards(plain, pictures, wrong)
    noise = tricked.astype(int) - pictures
    assert np.abs(noise).max() == 16
    assert np.mean([said.best.index for said in plain.predict(tricked)] == wrong) > 0.7
    assert check("0.13", (pictures + np.roll(noise, 1, axis=0)).clip(0, 255).astype(np.uint8))
    refused("0.13", (tricked,), (pictures,), (tricked[:10],), (noise,))
