"""The checks of lessons 1 and 2: answers that are right, and the mistakes that are near."""

import numpy as np
import pytest
from PIL import Image

import tricknet
from lessons.googlenet.check import check
from tricknet import images
from tricknet.networks.objectives import Probability


@pytest.fixture(scope="module")
def panda():
    return images.example("panda")


def on_white(picture, side):
    canvas = Image.new("RGB", (224, 224), "white")
    canvas.paste(Image.fromarray(picture).resize((side, side)), ((224 - side) // 2,) * 2)
    return np.array(canvas)


def test_1_1_takes_any_picture_but_the_course_s_own(googlenet, panda):
    whole = images.load("grace_hopper", crop=False)
    said = googlenet.predict(whole).best.name
    assert f"calls it {said}" in repr(check("1.1", whole)) and check("1.1", whole)
    assert "the course's own panda" in repr(check("1.1", panda))


def shuffled(picture, n, seed=0):
    side = len(picture) // n
    tiles = picture[: n * side, : n * side].reshape(n, side, n, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    tiles = np.random.default_rng(seed).permutation(tiles).reshape(n, n, side, side, 3)
    return tiles.swapaxes(1, 2).reshape(n * side, n * side, 3)


def test_1_2_wants_a_shuffled_panda_that_is_still_one(googlenet, panda):
    said = repr(check("1.2", shuffled(panda, 4)))
    assert "Yes" in said and "in 16 shuffled pieces giant panda" in said
    assert "Cut it smaller" in repr(check("1.2", shuffled(panda, 2)))
    assert googlenet.predict(shuffled(panda, 14)).best.name in repr(check("1.2", shuffled(panda, 14)))
    assert "in one piece" in repr(check("1.2", panda))
    assert "not the pieces of the course's panda" in repr(check("1.2", images.example("cat")))
    assert "not the pieces of the course's panda" in repr(check("1.2", panda[::-1]))


def test_1_3_wants_a_panda_on_white_as_small_as_possible(panda):
    assert check("1.3", on_white(panda, 74)) and "11% of the picture" in repr(check("1.3", on_white(panda, 74)))
    assert check("1.3", on_white(panda, 80)) and "but 73 has been done" in repr(check("1.3", on_white(panda, 80)))
    assert check("1.3", on_white(panda, 73)) and "has been done" not in repr(check("1.3", on_white(panda, 73)))
    assert "Try a larger one" in repr(check("1.3", on_white(panda, 56)))
    assert "knows smaller pandas" in repr(check("1.3", on_white(panda, 112)))
    assert "no white around" in repr(check("1.3", panda))
    assert "all white" in repr(check("1.3", np.full_like(panda, 255)))
    assert "does not look like" in repr(check("1.3", on_white(images.example("cat"), 74)))


@pytest.fixture(scope="module")
def article(googlenet):
    return tricknet.GoogLeNet(tricknet.NO_MEAN)


def walk(network, target, along):
    """Ten steps of 0.1 from mean grey."""
    x = np.zeros((224, 224, 3), np.float32)
    for _ in range(10):
        x = x + 0.1 * along(network.gradient(x, Probability(target)))
    return x


def test_2_1_wants_another_class_within_1(article):
    towel = walk(article, "bath towel", np.sign)
    assert check("2.1", towel) and "bath towel" in repr(check("2.1", towel))
    assert "still says velvet" in repr(check("2.1", np.zeros((224, 224, 3), np.float32)))
    assert "moved by 2.00" in repr(check("2.1", 2 * towel / np.abs(towel).max()))
    assert "lesson's paper towel" in repr(check("2.1", walk(article, "paper towel", np.sign)))
    assert "shape (224, 224, 3)" in repr(check("2.1", towel.transpose(2, 0, 1)))
    assert "array of fractions" in repr(check("2.1", towel.astype(np.uint8)))


def test_2_2_wants_the_gradient_itself(article):
    itself = walk(article, "paper towel", lambda g: g / np.abs(g).mean())
    assert check("2.2", itself)
    assert "as signs do" in repr(check("2.2", walk(article, "paper towel", np.sign)))
    assert "at most 1" in repr(check("2.2", 10 * itself))
    assert "Nothing has moved" in repr(check("2.2", np.zeros((224, 224, 3), np.float32)))


def test_2_3_wants_black_to_be_something_else(googlenet):
    black, limit = np.zeros((224, 224, 3), np.float32), 4
    for _ in range(5):
        black = (black + np.sign(googlenet.gradient(black, Probability("theater curtain")))).clip(0, limit)
    curtain = black.astype(np.uint8)
    assert check("2.3", curtain) and "theater curtain" in repr(check("2.3", curtain))
    coins = np.random.default_rng(0).integers(0, limit + 1, curtain.shape, dtype=np.uint8)
    assert "still says spotlight" in repr(check("2.3", coins))
    assert "One value is 255" in repr(check("2.3", images.example("panda")))
    assert "holds float32" in repr(check("2.3", black))
    for raised in range(1, 40):  # the first values of the curtain's alone: on the way it is not half sure of anything
        part = np.where(np.arange(curtain.size).reshape(curtain.shape) < raised * curtain.size // 40, curtain, 0)
        _, name, p = googlenet.predict(part.astype(np.uint8)).best
        if name != "spotlight" and p < 0.5:
            assert "less than half" in repr(check("2.3", part.astype(np.uint8)))
            return
    raise AssertionError("the curtain never had less than half")
