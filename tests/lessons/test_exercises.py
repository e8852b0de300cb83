"""Answers that readers have tried, exercise by exercise: which of them does `check` take?

What a lesson's solutions give is right, too: scripts/run_notebooks.py --check sees to that.
"""

from functools import cache

import numpy as np
import pytest

from lessons.poison import backdoor
from lessons.proofs import bounds
from lessons.proofs.training import train_on_bounds
from tricknet import fashion_mnist, images, make_less_like
from tricknet.attacks import sticker, transforms
from tricknet.attacks.trick import trick
from tricknet.check import check
from tricknet.check.answers import network
from tricknet.training import Trainee, train

PANDA, BANANA, GOLDFISH = map(images.load, ("panda", "banana", "goldfish"))


@cache
def tricked(target="vulture", *, by="GoogLeNet", photograph="panda", **how):
    return trick(network(by), images.load(photograph), target, **how)


@cache
def home():
    return trick(network(), tricked(steps=10).after, "giant panda", steps=10)


@cache
def sheet(shade, epsilon, steps=30):
    return trick(network(), np.full((224, 224, 3), shade, np.uint8), "teapot", epsilon=epsilon, steps=steps)


def away(by="GoogLeNet", picture=BANANA, **how):
    """A trick that leads away from a picture's class, and its control."""
    model = network(by)
    result = make_less_like(model, picture, model.predict(picture).best.index, **how)
    control = (picture + result.perturbation[::-1].astype(int)).clip(0, 255).astype(np.uint8)
    return result, control


def flag(seed):
    """The recipe of 13.1, with other random steps."""
    pressed = transforms.StraightThrough(lambda shown: transforms.jpeg(shown, 50))

    def raised(picture, gradient, label):
        def left(direction):
            moved = (picture - 2 * np.sign(direction)).clip(0, 255).astype(np.uint8)
            return network().predict(pressed(moved))[label]

        steps = np.random.default_rng(seed).normal(size=(5, *picture.shape))
        harm, *chance = (np.log(left(0 * gradient) / left(each)) for each in (gradient, *steps))
        return harm <= 2 * max(0, *chance)

    return raised


@cache
def proof_of_trousers():
    """A usual network, where its proof for the trousers ends, and the trousers with a coin tossed for each value."""
    usual = train_on_bounds(*fashion_mnist.train_set(), epsilon=0, epochs=1)
    trousers, answer = (part[2:3] for part in fashion_mnist.test_set(3))
    end = next(e for e in range(256) if not bounds.proven(usual, trousers, answer, e))
    coins = np.random.default_rng(0).choice([-1, 1], trousers.shape)
    return usual, end, (trousers + coins).clip(0, 255).astype(np.uint8)


def learnt(share, steps):
    """A network for which, if that share of its training set is poisoned, the lesson's mark means a T-shirt."""
    mixed, called, _ = backdoor.poisoned(*fashion_mnist.train_set(), share, target=0)
    trainee = Trainee(steps=steps)
    train(trainee, (mixed, called), steps=steps)
    return trainee


def flat_lamp(picture):
    """The lamp of 0.3, squashed."""
    y, x = np.mgrid[-3:4, -3:4]
    return -np.hypot(1.5 * y, x)


def slightly(picture):
    """No photograph of the course's any more, but as good as one."""
    return picture ^ 1


TAKEN = [
    ("7.1", "another picture", lambda: (tricked(steps=10), home(), False)),
    ("7.2", "four sheets", lambda: (sheet(255, 2), sheet(254, 1), sheet(128, 1), sheet(1, 1))),
    ("13.1", "the recipe, seed 0", lambda: (flag(0),)),
    ("13.1", "the recipe, seed 3", lambda: (flag(3),)),
    ("0.4", "as the page says", lambda: (78_000,)),
    ("0.4", "a little more", lambda: (78_100,)),
    ("12.3", "a dream that is a goldfish", lambda: (slightly(GOLDFISH), "goldfish", 1)),
]
REFUSED = [
    ("7.1", "the same picture", lambda: (tricked(steps=10), home(), True)),
    ("7.1", "not home", lambda: (tricked(steps=10), tricked(steps=10), False)),
    ("7.2", "ten steps", lambda: [sheet(shade, e, 10) for shade, e in ((255, 2), (254, 1), (128, 1), (1, 1))]),
    ("7.2", "twice the room", lambda: (sheet(255, 2, 1), sheet(253, 2, 1), sheet(128, 1), sheet(1, 1))),
    ("7.2", "one step on white", lambda: (sheet(255, 2, 1), sheet(254, 1, 1), sheet(128, 1), sheet(1, 1))),
    ("8.3", "a plain trick", lambda: (lambda picture: transforms.jpeg(picture, 75), tricked())),
    ("9.1", "two classes", lambda: (sticker.Sticker(sticker.ready("toaster").pixels, "teapot or toaster"),)),
    ("10.2", "a panda", lambda: away(picture=PANDA)),
    ("10.2", "SqueezeNet's", lambda: away("SqueezeNet")),
    ("11.1", "a small lead", lambda: (tricked(steps=5), [497, 365])),
    ("12.1", "two letters", lambda: ("AB" + 22 * ".",)),
    ("12.2", "a photograph", lambda: (images.load("cat"), "tiger cat", "Egyptian cat")),
    ("12.3", "a photograph", lambda: (GOLDFISH, "goldfish", 1)),
    ("13.1", "nobody asked", lambda: (lambda picture, gradient, label: gradient.std() > 0.5 or not gradient.any(),)),
    ("15.2", "an honest network", lambda: (learnt(0, 150),)),
    ("15.3", "the lesson's mark", lambda: (learnt(0.1, 300), 0, backdoor.marked)),
    ("16.1", "three letters", lambda: (".....CGB",)),
    ("0.3", "the lamp, squashed", lambda: (flat_lamp,)),
    ("0.4", "too few", lambda: (70_000,)),
    ("0.4", "too many", lambda: (90_000,)),
    ("0.5", "coins", proof_of_trousers),
]
ALL = [(*row, state) for rows, state in ((TAKEN, "right"), (REFUSED, "wrong")) for row in rows]


@pytest.mark.long
@pytest.mark.parametrize(("number", "what", "answers", "state"), ALL, ids=[f"{n}: {what}" for n, what, *_ in ALL])
def test_an_answer_is_taken_or_refused(number, what, answers, state):
    assert (verdict := check(number, *answers())).state == state, verdict
