"""The promises in tricknet/attacks/__init__.py: the same tests for all attacks, on networks of 1000 and of ten classes.

An attack needs a row in ATTACKS. Three are written here, and change no file of the library.
"""

import importlib
import inspect
import pkgutil
import signal
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

import lessons
from tricknet import Trick, attacks, images, make_less_like, trick
from tricknet.attacks import sticker
from tricknet.attacks.attack import REASONS, attack
from tricknet.attacks.paint import paint
from tricknet.attacks.queries import square
from tricknet.attacks.result import Result, added
from tricknet.networks.caffe_net import CaffeNet


@attack(Trick)
def fgsm(model, picture, target, *, epsilon):
    """One step along the signs of the gradient (Goodfellow et al. 2014)."""
    prediction, gradient = model.predict_and_gradient(picture, target)
    yield picture, prediction.probabilities
    moved = added(picture, epsilon * np.sign(gradient))
    yield moved, model.predict(moved).probabilities


@attack(Result)
def careless(model, picture, target, *, epsilon):
    """It writes into its picture, leaves its box, forgets to round, and claims a success that it did not have."""
    picture += 1
    yield picture + 40.4, np.ones(1)


@attack(Result)
def stuck(model, picture, target, *, steps=4, seed=0):
    """A sticker is made for all pictures, and this one is made on the picture alone."""
    side = len(picture) // 2
    made = sticker.make(model, target, photographs=[picture], side=side, steps=steps, batch=2, seed=seed)
    assert made.gradients == model.gradients
    worn = made.on(picture, centre=(side, side), size=side)
    yield worn, model.predict(worn).probabilities


class Row(NamedTuple):
    """An attack and its options. away: from the picture's own class. gradients, queries: what it takes, if known."""

    attack: Any
    options: dict[str, Any]
    away: bool = False
    gradients: int | None = None
    queries: int | None = None


ATTACKS = {
    "trick": Row(trick, {"epsilon": 8.7, "steps": 6}, gradients=6, queries=7),
    "trick, one step": Row(trick, {"epsilon": 1, "steps": 1}, gradients=1, queries=2),
    "make_less_like": Row(make_less_like, {"epsilon": 4, "steps": 5}, away=True, gradients=5, queries=6),
    "square": Row(square, {"epsilon": 16.7, "queries": 40, "less_like": True}, away=True, gradients=0),
    "paint": Row(paint, {"length": 700, "steps": 5, "copies": 2}, gradients=10, queries=10 + 6),  # and of each frame
    "stuck": Row(stuck, {}, gradients=8, queries=9),
    "fgsm": Row(fgsm, {"epsilon": 2}, gradients=1, queries=2),
    "careless": Row(careless, {"epsilon": 2.5}, gradients=0, queries=0),
}
NETWORKS = {"SqueezeNet": (224, 224, 3), "FashionNet plain": (28, 28, 1)}
every_attack = pytest.mark.parametrize("name", ATTACKS)


def test_every_function_that_gives_a_result_has_a_row():
    modules = [*pkgutil.walk_packages(attacks.__path__, "tricknet.attacks.")]
    modules += pkgutil.walk_packages(lessons.__path__, "lessons.")
    values = [value for module in modules for value in vars(importlib.import_module(module.name)).values()]
    kinds = {one: inspect.signature(one).return_annotation for one in values if inspect.isfunction(one)}
    found = {function for function, kind in kinds.items() if inspect.isclass(kind) and issubclass(kind, Result)}
    assert {trick, square} < found <= {row.attack for row in ATTACKS.values()}


@contextmanager
def counting(stop=None):
    """How many pictures go forward and backward through Caffe, in how many passes. Ctrl-C comes at pass `stop`.

    lost: how many went forward for a gradient that Ctrl-C prevented.
    """
    counts = {"forward": 0, "backward": 0, "passes": 0, "lost": 0}
    with pytest.MonkeyPatch.context() as patch:
        for way in ("forward", "backward"):
            real = getattr(CaffeNet, way)

            def passed(net, batch, *last, way=way, real=real):
                pictures = len(next(iter(batch.values())) if way == "backward" else batch)
                counts["passes"] += 1
                if counts["passes"] == stop:
                    counts["lost"] = pictures * (way == "backward")
                    signal.raise_signal(signal.SIGINT)
                counts[way] += pictures
                return real(net, batch, *last)

            patch.setattr(CaffeNet, way, passed)
        yield counts


class Case:
    """A network and a picture for it, and what attacks make of that."""

    def __init__(self, network, shape):
        self.network = network
        self.picture = images.load("panda")[: shape[0], : shape[1], : shape[2]].copy()
        self.as_it_was = self.picture.copy()
        self.own = network.predict(self.picture).best.index
        self.done = cache(self.run)

    def target(self, row):
        return {self.own} if row.away else {3, "sneaker" if len(self.network.labels) == 10 else "vulture"}

    def run(self, name, stop=None, **options):
        """The result, and what was counted meanwhile."""
        row = ATTACKS[name]
        with counting(stop) as counts:
            return row.attack(self.network, self.picture, self.target(row), **row.options, **options), counts

    def keeps_its_promises(self, row, result, counts):
        """In the box, in whole numbers, from what it was given, and true in what it says. Asked again once or, where
        Ctrl-C came before the first answer, twice.
        """
        assert result.after.dtype == np.uint8 and result.after.shape == self.picture.shape
        assert np.abs(result.after.astype(int) - self.picture).max() <= row.options.get("epsilon", 255)
        assert (result.before == self.as_it_was).all() and (self.picture == self.as_it_was).all()
        assert result.gradients == counts["backward"]
        assert counts["forward"] - counts["lost"] - result.queries in (1, 2)
        said = self.network.predict(result.after).best.index in self.network.indices(self.target(row))
        assert result.fooled == (said != row.away)


@pytest.fixture(scope="module", params=NETWORKS)
def case(request, networks):
    return Case(networks[request.param], NETWORKS[request.param])


@every_attack
def test_what_it_gives_is_in_its_box_and_counted_and_true(name, case):
    row, (result, counts) = ATTACKS[name], case.done(name)
    case.keeps_its_promises(row, result, counts)
    assert row.gradients in (None, result.gradients) and row.queries in (None, result.queries)


def test_some_of_them_work_and_some_do_not(case):
    assert {case.done(name)[0].fooled for name in ATTACKS} == {True, False}


@every_attack
def test_the_same_seed_is_the_same_result(name, case):
    first, seeded = case.done(name)[0].after, "seed" in inspect.signature(ATTACKS[name].attack).parameters
    np.testing.assert_array_equal(case.run(name)[0].after, first)
    assert not seeded or (case.run(name, seed=1)[0].after != first).any()


@every_attack
def test_ctrl_c_at_any_moment_keeps_what_was_reached(name, case):
    """In the first pass through Caffe, in some in the middle, and in the last, which asks about the result."""
    row, (whole, counts) = ATTACKS[name], case.done(name)
    last = counts["passes"]
    for stop in sorted({1, 2, last // 2, last - 1, last} - {0}):
        result, counts = case.run(name, stop)
        case.keeps_its_promises(row, result, counts)
        assert result.queries or not whole.queries or (result.after == case.picture).all()
        if isinstance(result, Trick):
            np.testing.assert_array_equal(result.frames, whole.frames[: len(result.frames)])
            np.testing.assert_array_equal(result.after, result.frames[result.best_index])
            assert len(result.frames) > 1 or stop < 6
    np.testing.assert_array_equal(result.after, whole.after)


@every_attack
def test_what_is_no_picture_or_not_at_least_one_is_refused_in_a_sentence(name, case):
    """Fractions, no colours, too small; and half a step, or none that is a number."""
    (attack, options, *_), picture = ATTACKS[name], case.picture
    wrong = [(one, {}, r"\.$") for one in (picture / 255, picture[..., 0], picture[:-4, :-4])]
    counted = REASONS.keys() & inspect.signature(attack).parameters.keys()
    wrong += [(picture, {number: value}, number) for number in counted for value in (0.5, float("nan"))]
    for shown, more, fact in wrong:
        with pytest.raises(ValueError, match=fact):
            attack(case.network, shown, case.target(ATTACKS[name]), **options | more)
