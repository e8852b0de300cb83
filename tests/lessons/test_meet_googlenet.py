"""Lesson 1: its test of one's own eyes is exact, fair and rightly counted; its exercises tell right from wrong."""

import io
import random
import re

import numpy as np
import pytest
from PIL import Image

from lessons.meet_googlenet import figures as coin
from lessons.meet_googlenet.ab import Trials, verdict
from lessons.meet_googlenet.check import check
from tests.facts import numbers
from tricknet import images

PANDA = np.random.default_rng(0).integers(2, 254, (30, 40, 3), dtype=np.uint8)
VULTURE = PANDA + np.random.default_rng(1).choice(np.array([-2, 2], np.int8), PANDA.shape).astype(np.uint8)
PICTURES = {"Panda": PANDA, "Vulture": VULTURE}


def begin(seed):
    return Trials(PICTURES, toss=random.Random(seed), pause=0)


def shown(test):
    """The name of the picture on the screen, every pixel of which is a square of four."""
    pixels = np.asarray(Image.open(io.BytesIO(test.image.png)))
    small = pixels[::2, ::2]
    np.testing.assert_array_equal(small.repeat(2, 0).repeat(2, 1), pixels)
    (name,) = (name for name, picture in PICTURES.items() if np.array_equal(picture, small))
    return name


def words(test):
    """What a screen reader reads out."""
    assert 'role="status"' in test.status.value
    return re.sub("<[^>]*>", "", test.status.value)


def answer(test, right):
    truth = shown(test)
    test.answers[truth if right else ({*PICTURES} - {truth}).pop()].click()
    return truth


def test_each_answer_is_judged_by_the_picture_that_was_shown():
    test = begin(0)
    for n, right in enumerate((True, False), 1):
        assert numbers(words(test)) == numbers(test.image.alt) == [n, 10] and test.next.disabled
        truth = answer(test, right)
        judged = words(test)
        assert f'data-state="{"right" if right else "wrong"}"' in test.status.value
        assert truth.lower() in judged and n in numbers(judged)
        answer(test, True)  # a double click counts once
        assert words(test) == judged
        assert shown(test) == truth  # to look at once more
        test.next.click()
        truth = shown(test)
        for _ in range(9):  # so do all these clicks, which come too early
            test.next.click()
            assert shown(test) == truth


def test_whoever_counts_knows_nothing():
    """The tosses are independent: the numbers of pandas in many tests are spread as a coin's are."""
    pandas = []
    for test in map(begin, range(25)):
        pandas.append(0)
        for _ in range(9):
            pandas[-1] += answer(test, True) == "Panda"
            test.next.click()
    assert np.mean(pandas) == pytest.approx(4.5, abs=1)
    assert 1 < np.var(pandas) < 5  # a coin's is 2.25, and with as many of each it would be next to 0


def test_after_ten_trials_the_coins_chart_shows_where_you_are():
    test = begin(0)
    for n in range(10):
        assert test.result.layout.display == "none"
        answer(test, n < 8)
        if n < 9:
            test.next.click()
    assert test.result.layout.display != "none" and test.result.alt == coin.tosses(10, 8).alt
    test.next.click()
    assert test.result.layout.display == "none" and numbers(words(test)) == [1, 10]


@pytest.mark.parametrize("right", range(11))
def test_the_result_is_what_coins_get_in_all_1024_tests(right):
    counted = [bin(answers).count("1") for answers in range(1024)]  # every test of ten, counted one by one
    as_far = sum(k >= right if right >= 5 else k <= right for k in counted)
    assert {*numbers(verdict(right))} - {right, 10} == ({round(1024 / as_far)} if as_far <= 102 else set())
    assert f" {counted.count(right) / 1024:.1%} " in coin.tosses(10, right).alt


PHOTO = images.load("panda")


def on_white(picture, side):
    canvas = Image.new("RGB", (224, 224), "white")
    canvas.paste(Image.fromarray(picture).resize((side, side)), ((224 - side) // 2,) * 2)
    return np.array(canvas)


def test_the_exercises_tell_right_from_wrong(refused):
    refused("1.1", (PHOTO,))
    four, many = (PHOTO.reshape(n, 224 // n, n, 224 // n, 3)[::-1, :, ::-1].reshape(224, 224, 3) for n in (2, 14))
    refused("1.2", (four,), (many,), (PHOTO,), (images.load("cat"),))
    refused("1.2", (PHOTO[::-1],))
    assert all(check("1.3", on_white(PHOTO, side)) for side in (73, 80))
    face = on_white(PHOTO[96:160, :64], 40)  # which is still a panda to the network
    refused("1.3", (on_white(PHOTO, 56),), (on_white(PHOTO, 112),), (PHOTO,), (np.full_like(PHOTO, 255),), (face,))
