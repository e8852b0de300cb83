"""Answers that readers have tried, exercise by exercise: which of them does `check` take?

What a lesson's solutions give is right, too: scripts/run_notebooks.py --check sees to that.
"""

from functools import cache

import numpy as np
import pytest

from tricknet import images, make_less_like
from tricknet.attacks.result import added
from tricknet.attacks.sticker import Sticker
from tricknet.attacks.trick import trick
from tricknet.check import check
from tricknet.check.answers import network

SPIKES = np.full((32, 32, 3), np.array([3, -1, -2]) / 1024)
SPIKES[0, :2] += [[100], [-100]]
PANDA, BANANA, GOLDFISH = map(images.load, ("panda", "banana", "goldfish"))


@cache
def tricked(target="vulture", photograph="panda", *, epsilon=2, steps=10):
    return trick(network(), images.load(photograph), target, epsilon=epsilon, steps=steps)


@cache
def onwards(target):
    """The second run of 7.1."""
    return trick(network(), tricked().after, target, steps=10)


def to_the_muzzle(target="muzzle", steps=10):
    return (tricked(target, "german_shepherd", epsilon=1, steps=steps),)


def from_the_mosque(target="cup"):
    return tricked(target, "mosque", epsilon=1), tricked(target, "mosque", steps=30)


@cache
def sheet(shade, epsilon, steps=30):
    return trick(network(), np.full((224, 224, 3), shade, np.uint8), "teapot", epsilon=epsilon, steps=steps)


def control(by, picture, label):
    """A trick that leads away from a picture's class, and the control that 10.2 asks for."""
    away = make_less_like(network(by), picture, label, steps=3)
    return away, added(picture, away.perturbation[::-1])


RIGHT, WRONG = "right", "wrong"
TRIED = {
    "0.1 to three digits": (RIGHT, lambda: (0.227, 0.0525)),
    "0.1 one side only": (WRONG, lambda: (0.113, 0.0262)),
    "4.1 the right pixel, by 0.92": (WRONG, lambda: ([20.92, 90, 31, 60, 122], [20.5, 89.5, 31.5, 60.5, 121.5])),
    "4.2 two spikes": (RIGHT, lambda: (SPIKES,)),
    "6.1 a muzzle": (RIGHT, to_the_muzzle),
    "6.1 a dhole": (WRONG, lambda: to_the_muzzle("dhole")),
    "6.1 thirty steps": (WRONG, lambda: to_the_muzzle(steps=30)),
    "6.2 a cup": (RIGHT, from_the_mosque),
    "6.2 a tennis ball": (WRONG, lambda: from_the_mosque("tennis ball")),
    "7.1 another picture": (RIGHT, lambda: (tricked(), onwards("giant panda"), False)),
    "7.1 the same picture": (WRONG, lambda: (tricked(), onwards("giant panda"), True)),
    "7.1 not home": (WRONG, lambda: (tricked(), onwards("teapot"), False)),
    "7.2 four sheets": (RIGHT, lambda: (sheet(255, 2), sheet(254, 1), sheet(128, 1), sheet(1, 1))),
    "7.2 ten steps": (WRONG, lambda: [sheet(*each, 10) for each in ((255, 2), (254, 1), (128, 1), (1, 1))]),
    "7.2 twice the room": (WRONG, lambda: (sheet(255, 2), sheet(253, 2), sheet(128, 1), sheet(1, 1))),
    "7.2 one step on white": (WRONG, lambda: (sheet(255, 2, 1), sheet(254, 1, 1), sheet(128, 1), sheet(1, 1))),
    "8.3 not a sturdy trick": (WRONG, lambda: (lambda picture: picture[:, ::-1], tricked())),
    "9.1 two classes": (WRONG, lambda: (Sticker(np.zeros((104, 104, 4), np.uint8), "teapot or toaster"),)),
    "10.2 a panda": (WRONG, lambda: control("GoogLeNet", PANDA, "giant panda")),
    "10.2 SqueezeNet's": (WRONG, lambda: control("SqueezeNet", BANANA, "banana")),
    "11.1 a small lead": (WRONG, lambda: (tricked(steps=5), [497, 365])),
    "12.1 two letters": (WRONG, lambda: ("AB" + 22 * ".",)),
    "12.2 a photograph": (WRONG, lambda: (images.load("cat"), "tiger cat", "Egyptian cat")),
    "12.3 a photograph": (WRONG, lambda: (GOLDFISH, "goldfish", 1)),
    "12.3 nearly one": (RIGHT, lambda: (GOLDFISH ^ 1, "goldfish", 1)),
    "13.1 nobody asked": (
        WRONG,
        lambda: (lambda _, gradient, label: gradient.std() > 0.5 or not gradient.any(),),
    ),
    "16.1 three letters": (WRONG, lambda: (".....CGB",)),
    "0.3 the lamp, squashed": (WRONG, lambda: (lambda _: -np.hypot(*(np.mgrid[-3:4, -3:4].T * (1.5, 1)).T),)),
    "0.4 as the page says": (RIGHT, lambda: (78_000,)),
    "0.4 a tenth less": (WRONG, lambda: (70_000,)),
}


@pytest.mark.long
@pytest.mark.parametrize("what", TRIED)
def test_an_answer_is_taken_or_refused(what):
    state, answers = TRIED[what]
    assert (verdict := check(what.split()[0], *answers())).state == state, verdict
