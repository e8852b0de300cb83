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

PANDA, BANANA, GOLDFISH = map(images.load, ("panda", "banana", "goldfish"))


@cache
def tricked(target="vulture", steps=10, before=None):
    return trick(network(), before.after if before else PANDA, target, steps=steps)


@cache
def sheet(shade, epsilon, steps=30):
    return trick(network(), np.full((224, 224, 3), shade, np.uint8), "teapot", epsilon=epsilon, steps=steps)


def control(by, picture, label):
    """A trick that leads away from a picture's class, and the control that 10.2 asks for."""
    away = make_less_like(network(by), picture, label, steps=3)
    return away, added(picture, away.perturbation[::-1])


HOME = lambda: tricked("giant panda", before=tricked())  # noqa: E731
RIGHT, WRONG = "right", "wrong"
TRIED = {
    "7.1 another picture": (RIGHT, lambda: (tricked(), HOME(), False)),
    "7.1 the same picture": (WRONG, lambda: (tricked(), HOME(), True)),
    "7.1 not home": (WRONG, lambda: (tricked(), tricked("teapot", before=tricked()), False)),
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
