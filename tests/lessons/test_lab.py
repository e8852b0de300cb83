"""Lesson 7: its exercises tell right from wrong."""

import numpy as np
import pytest

from lessons.lab.check import check
from tricknet import images, trick


@pytest.mark.long
def test_exercise_1(googlenet, refused):
    there = trick(googlenet, images.example("panda"), "lesser panda", steps=10)
    back = trick(googlenet, there.after, "giant panda", steps=10)
    assert f"{np.mean(back.after != there.before):.0%}" in check("7.1", there, back, False).text
    onwards = trick(googlenet, there.after, "teapot", steps=1)
    refused("7.1", (there, back, True), (there, back, "no"), (there, there, False), (there, onwards, False))


@pytest.mark.long
def test_exercise_2(googlenet, refused):
    white, nearly, black = (
        trick(googlenet, np.full((224, 224, 3), shade, np.uint8), "teapot", steps=20) for shade in (255, 253, 0)
    )
    assert f"{googlenet.predict(black.after)['teapot']:.1%}" in check("7.2", white, nearly, black).text
    vulture = trick(googlenet, white.before, "vulture", steps=1)
    refused("7.2", (nearly, nearly, black), (vulture, nearly, black))
