"""The checks of lessons 1 and 2: answers that are right, and the mistakes that are near."""

import numpy as np
import pytest
from PIL import Image

import tricknet
from tricknet import images
from tricknet.course.check import check
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
    said = googlenet.predict(whole).top(1)[0][1]
    assert f"calls it {said}" in repr(check("1.1", whole)) and check("1.1", whole)
    assert "the course's own panda" in repr(check("1.1", panda))


def test_1_2_wants_the_panda_upside_down(googlenet, panda):
    assert check("1.2", googlenet.predict(panda[::-1])["giant panda"])
    assert "That is the panda mirrored" in repr(check("1.2", googlenet.predict(panda[:, ::-1])["giant panda"]))
    assert "between 0 and 1" in repr(check("1.2", 99.93))
    assert "another number" in repr(check("1.2", 0.5))


def test_1_3_wants_a_grey_panda_on_white_as_large_as_possible(panda):
    grey = np.array(Image.fromarray(panda).convert("L").convert("RGB"))
    assert check("1.3", on_white(grey, 84))
    assert "has colours" in repr(check("1.3", on_white(panda, 84)))
    assert "still says giant panda" in repr(check("1.3", on_white(grey, 112)))
    assert "A larger one will do" in repr(check("1.3", on_white(grey, 56)))
    assert "no white around" in repr(check("1.3", grey))
    assert "all white" in repr(check("1.3", np.full_like(grey, 255)))
    cat = np.array(Image.fromarray(images.example("cat")).convert("L").convert("RGB"))
    assert "does not look like" in repr(check("1.3", on_white(cat, 84)))


@pytest.fixture(scope="module")
def article(googlenet):
    return tricknet.GoogLeNet(tricknet.NO_MEAN)


def walk(network, target, along):
    """Ten steps of 0.1 from mean grey, in Caffe's order."""
    x = np.zeros((224, 224, 3), np.float32)
    for _ in range(10):
        x = x + 0.1 * along(network.gradient(x, Probability(target)))
    return x[..., ::-1].transpose(2, 0, 1).copy()


def test_2_1_wants_another_class_within_1(article):
    towel = walk(article, "bath towel", np.sign)
    assert check("2.1", towel) and "bath towel" in repr(check("2.1", towel))
    assert "still says velvet" in repr(check("2.1", np.zeros((3, 224, 224), np.float32)))
    assert "moved by 2.00" in repr(check("2.1", 2 * towel / np.abs(towel).max()))
    assert "lesson's paper towel" in repr(check("2.1", walk(article, "paper towel", np.sign)))
    assert "shape (3, 224, 224)" in repr(check("2.1", towel.transpose(1, 2, 0)))


def test_2_2_wants_the_gradient_itself(article):
    itself = walk(article, "paper towel", lambda g: g / np.abs(g).mean())
    assert check("2.2", itself)
    assert "as signs do" in repr(check("2.2", walk(article, "paper towel", np.sign)))
    assert "at most 1" in repr(check("2.2", 10 * itself))
    assert "Nothing has moved" in repr(check("2.2", np.zeros((3, 224, 224), np.float32)))


def test_2_3_wants_numbers_that_hold_where_no_ties_are(article):
    noisy = np.random.default_rng(1).normal(0, 2, (3, 224, 224)).astype(np.float32)
    picture = noisy.transpose(1, 2, 0)[..., ::-1]
    gradient = article.gradient(picture, Probability("paper towel"))
    before, after = article.predict_all(np.stack([picture, picture + 0.01 * np.sign(gradient)]))
    predicted, measured = 0.01 * np.abs(gradient).sum(), after["paper towel"] - before["paper towel"]
    assert check("2.3", noisy, predicted, measured)
    assert "The predicted change is" in repr(check("2.3", noisy, 1.0, measured))
    assert "The measured change is" in repr(check("2.3", noisy, predicted, predicted * 2))
    assert "full of ties" in repr(check("2.3", np.zeros_like(noisy), predicted, measured))
