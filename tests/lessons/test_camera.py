"""Lesson 9: its changes and checks."""

import numpy as np
import pytest

from lessons.camera import changes
from tricknet import images, trick
from tricknet.attacks import gradients
from tricknet.attacks.steps import walk

PANDA = images.load("panda")
NOISE = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
CHANGES = changes.HOMEWORK | changes.PARTS | changes.EXAM


@pytest.mark.parametrize("name", CHANGES)
def test_a_picture_stays_a_picture(name):
    before = NOISE.copy()
    after = CHANGES[name](NOISE)
    assert after.shape == NOISE.shape and after.dtype == np.uint8 and np.array_equal(before, NOISE)
    assert (after != NOISE).any()


def test_a_tilt_is_a_perspective_and_a_quarter_turn_numpys():
    """The upper edge is shorter, straight lines stay straight, and diagonals cross where those of the new shape do."""
    for angle in (0, 90):
        assert np.array_equal(changes.rotate(NOISE, angle), np.rot90(NOISE, angle // 90))
    white = changes.tilt(np.full_like(NOISE, 255), 0.1)
    widths = (white[..., 0] > 250).sum(axis=1)
    np.testing.assert_allclose(widths[1:-1], np.linspace(0.8, 1, 222) * 224, atol=3)
    crossed = (255 * np.maximum(np.eye(224), np.eye(224)[::-1])).astype(np.uint8)[..., None].repeat(3, axis=2)
    narrow = changes.tilt(crossed, 0.1)[40:-40, 92:132, 0].astype(float).sum(axis=1)
    assert abs(40 + int(narrow.argmax()) - 224 * 0.8 / (0.8 + 1)) < 8  # they divide the height as the edges' widths do


def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    through = gradients.averaged(googlenet, ["vulture"], copies=2)
    sturdy = walk(PANDA[None], through, epsilon=8, steps=20)[0]
    strong, plain = (trick(googlenet, PANDA, "vulture", epsilon=e, steps=10).after for e in (4, 8))
    refused("9.1", (PANDA,), (strong,))
    blank, words = lambda picture: np.full_like(picture, 127), lambda picture: "grey"
    noise, webp = changes.EXAM["noise 16"], changes.EXAM["WebP 50"]
    refused("9.2", (blank, sturdy), (words, sturdy), (noise, sturdy), (noise, plain))
    refused("9.2", (np.fliplr, plain))
    refused("9.2", (webp, sturdy), (lambda p: PANDA if np.abs(p - 1.0 * PANDA).mean() < 10 else p, sturdy))
