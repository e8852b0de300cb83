"""The test of one's own eyes, without a browser: are its pictures exact, its tosses fair, and its sums right?"""

import base64
import io
import random
import re

import numpy as np
import pytest
from PIL import Image

from lessons.googlenet.ab import Trials, in_words

WIDGET = "application/vnd.jupyter.widget-view+json"
PANDA = np.random.default_rng(0).integers(2, 254, (30, 40, 3), dtype=np.uint8)
VULTURE = PANDA + np.random.default_rng(1).choice(np.array([-2, 2], np.int8), PANDA.shape).astype(np.uint8)
PICTURES = {"Panda": PANDA, "Vulture": VULTURE}


def begin(seed=None):
    return Trials(PICTURES, toss=None if seed is None else random.Random(seed), pause=0)


def shown(test):
    """The name of the picture on the screen, every pixel of which is a square of four."""
    pixels = np.asarray(Image.open(io.BytesIO(test.image.value)))
    small = pixels[::2, ::2]
    np.testing.assert_array_equal(small.repeat(2, 0).repeat(2, 1), pixels)
    (name,) = (name for name, picture in PICTURES.items() if np.array_equal(picture, small))
    return name


def words(test):
    assert 'role="status"' in test.status.value
    return re.sub("<[^>]*>", "", test.status.value)


def answer(test, right):
    """Answer once, rightly or wrongly, and give what was shown."""
    truth = shown(test)
    test.answers[truth if right else ({*PICTURES} - {truth}).pop()].click()
    return truth


def take(test, right):
    """Take the whole test, with so many right answers first. Gives what was shown."""
    truths = []
    for n in range(10):
        truths.append(answer(test, n < right))
        if n < 9:
            test.next.click()
    return truths


def test_each_answer_is_judged_by_the_picture_that_was_shown():
    test = begin(0)
    assert words(test) == "Picture 1 of 10. Panda or vulture?" and test.next.disabled
    truth = answer(test, True)
    assert words(test) == f"Right: that was the {truth.lower()}. So far you have been right once out of 1."
    assert shown(test) == truth  # to look at once more
    test.next.click()
    assert words(test) == "Picture 2 of 10. Panda or vulture?" and test.image.tooltip == "Picture 2 of 10"
    truth = answer(test, False)
    assert words(test) == f"Wrong: that was the {truth.lower()}. So far you have been right once out of 2."


@pytest.mark.parametrize("right", [0, 5, 10])
def test_after_ten_comes_the_result_beside_a_coin_s_and_then_ten_new_ones(right):
    test = begin(right)
    take(test, right)
    assert words(test).endswith(in_words(right)) and f"You were right {right} times" in test.result.tooltip
    assert Image.open(io.BytesIO(test.result.value)).format == "PNG" and test.result.layout.display != "none"
    assert test.next.description == "Ten new ones"
    test.next.click()
    assert words(test) == "Picture 1 of 10. Panda or vulture?" and test.result.layout.display == "none"
    take(test, 10 - right)
    assert words(test).endswith(in_words(10 - right))


def test_a_double_click_counts_once():
    test = begin(0)
    truth = answer(test, True)
    test.answers[truth].click()
    answer(test, False)
    assert "once out of 1" in words(test)
    test.next.click()
    test.next.click()
    assert "Picture 2 of 10" in words(test)


def test_the_keyboard_is_always_on_a_button_that_works():
    """A button that is disabled while it has the focus would swallow every key."""
    test, focused = begin(0), []
    for button in (*test.answers.values(), test.next):
        button.send = lambda content, buffers=None, button=button: focused.append((button.description, button.disabled))
    for n in range(10):
        answer(test, True)
        assert focused.pop() == ("Next" if n < 9 else "Ten new ones", False)
        test.next.click()
        assert focused.pop() == ("Panda", False)
    assert not focused


def test_whoever_counts_knows_nothing():
    """The tosses are independent: the numbers of pandas in many tests are spread as a coin's are."""
    tests = [take(begin(seed), 10).count("Panda") for seed in range(60)]
    assert len(set(tests)) > 3 and np.mean(tests) == pytest.approx(5, abs=1)
    assert 1 < np.var(tests) < 5  # a coin's is 2.5, and with five of each it would be 0


def test_without_a_seed_each_test_is_new():
    orders = {tuple(take(begin(), 10)) for _ in range(5)}
    assert len(orders) > 1  # all five alike: once in 10 ** 12


def test_in_words():
    assert in_words(5) == "You were right 5 times out of 10. A coin does as well."
    assert in_words(3).endswith("A coin does as well.") and in_words(7).endswith("A coin does as well.")
    assert "only once in 18 tests. Luck, or sharp eyes?" in in_words(8)
    assert "once in 1024 tests. Luck" in in_words(10) and "that badly only once in 93 tests" in in_words(1)
    assert in_words(1).startswith("You were right once out of 10.")


def test_a_page_without_a_kernel_shows_what_a_coin_gets():
    data, metadata = begin()._repr_mimebundle_()
    assert WIDGET in data and data["text/plain"].startswith("Panda or vulture? Run this cell")
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).format == "PNG"
    assert metadata["image/png"]["alt"].startswith("Bars: how often a coin is right")


@pytest.mark.parametrize("pictures", [{}, {"a": PANDA}, {"a": PANDA, "b": PANDA.copy()}, {"a": PANDA, "b": PANDA[1:]}])
def test_there_must_be_something_to_tell_apart(pictures):
    with pytest.raises(ValueError, match="two different pictures"):
        Trials(pictures)
