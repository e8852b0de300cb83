"""Lesson 1: the result of its test of one's own eyes is rightly counted; its exercises tell right from wrong."""

import numpy as np
import pytest
from PIL import Image

from lessons.meet_googlenet import figures
from lessons.meet_googlenet.check import check
from tests.facts import numbers
from tricknet import images


@pytest.mark.parametrize("right", range(11))
def test_the_result_is_what_coins_get_in_all_1024_tests(right):
    counted = [bin(answers).count("1") for answers in range(1024)]  # every test of ten, counted one by one
    as_far = sum(k >= right if right >= 5 else k <= right for k in counted)
    assert {*numbers(figures.verdict(right))} - {right, 10} == ({round(1024 / as_far)} if as_far <= 102 else set())
    assert figures.COINS[right] == counted.count(right) / 1024


PHOTO = images.load("panda")


def on_white(picture, side):
    canvas = Image.new("RGB", (224, 224), "white")
    canvas.paste(Image.fromarray(picture).resize((side, side)), ((224 - side) // 2,) * 2)
    return np.array(canvas)


def test_the_exercises_tell_right_from_wrong(refused):
    noise = np.random.default_rng(0).integers(0, 256, PHOTO.shape, np.uint8)
    refused("1.1", (PHOTO,), (PHOTO[:, ::-1],), (noise,))
    refused("1.1", (images.load("panda", crop=False),), (images.load("toucan"),), (np.zeros_like(PHOTO),))
    assert check("1.1", np.array(Image.fromarray(PHOTO[:180, :180]).resize((224, 224))))
    four, many = (PHOTO.reshape(n, 224 // n, n, 224 // n, 3)[::-1, :, ::-1].reshape(224, 224, 3) for n in (2, 14))
    swapped = PHOTO.copy()
    swapped[:7, :7], swapped[-7:, -7:] = PHOTO[-7:, -7:], PHOTO[:7, :7]
    strips = np.hstack([PHOTO[:, x : x + 56] for x in (56, 0, 168, 112)])  # which is 16 pieces, too
    for too_large in (four, PHOTO, strips, swapped, np.roll(PHOTO, 7, axis=1)):
        refused("1.2", (too_large,), (many,), (images.load("cat"),))
    refused("1.2", (PHOTO[::-1],))
    assert all(check("1.3", on_white(PHOTO, side)) for side in (73, 80))
    face = on_white(PHOTO[96:160, :64], 40)  # which is still a panda to the network
    refused("1.3", (on_white(PHOTO, 56),), (on_white(PHOTO, 112),), (PHOTO,), (np.full_like(PHOTO, 255),), (face,))
