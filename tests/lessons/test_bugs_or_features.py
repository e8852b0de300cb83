"""Bugs or features? Do tricks arrive inside their box, and does the exercise tell noise that teaches from noise?"""

import numpy as np
import pytest

import tricknet
from lessons.bugs_or_features.learning import towards
from tricknet.check import check
from tricknet.networks.classifier import first_answers


@pytest.mark.long
def test_the_exercise_tells_noise_that_teaches_from_noise(data, refused):
    plain, (pictures, right) = tricknet.load("FashionNet plain"), (part[:10_000] for part in data[0])
    wrong = (right + np.random.default_rng(0).integers(1, 10, 10_000)) % 10
    tricked = towards(plain, pictures, wrong)
    noise = tricked.astype(int) - pictures
    assert np.abs(noise).max() == 16 and np.equal(first_answers(plain, tricked[:500]), wrong[:500]).mean() > 0.7
    assert check("0.13", (pictures + np.roll(noise, 1, axis=0)).clip(0, 255).astype(np.uint8))
    refused("0.13", (tricked,), (pictures,), (tricked[:10],), (noise,))
