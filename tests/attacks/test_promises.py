"""The promises in tricknet/attacks/__init__.py: one row for each attack, and the same tests for all."""

import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from types import SimpleNamespace

import numpy as np
import pytest

from tricknet import images, smallest, trick
from tricknet.attacks import sticker
from tricknet.attacks.paint import paint
from tricknet.attacks.queries import square
from tricknet.attacks.result import Result
from tricknet.networks.caffe_net import CaffeNet

PANDA = images.load("panda")
BEARS = {"giant panda", "American black bear", "brown bear", "ice bear"}
RARE = {"teapot", "daisy", "volcano"}


@dataclass(frozen=True)
class Attack:
    """An attack, and what should come of it.

    run: takes the network, a picture and a seed. gradients, queries: what it takes, if that is known. fooled: is the
    budget enough?
    """

    run: Callable
    target: object = "vulture"
    less_like: bool = False
    epsilon: float = 255
    gradients: int | None = None
    queries: int | None = None
    fooled: bool | None = None
    seeded: bool = False


def make_trick(target, **options):
    return lambda net, picture, seed: trick(net, picture, target, **options)


def make_sticker(net, picture, seed):
    """It is made for all pictures, and works on some."""
    made = sticker.make(net, "toaster", photographs=[picture], steps=STEPS, batch=2, seed=seed)
    return SimpleNamespace(after=made.on(picture), gradients=made.gradients)


away = partial(Attack, target=BEARS, less_like=True)
STEPS = 5
ATTACKS = {
    "trick": Attack(
        make_trick(RARE, epsilon=2.7, steps=6), target=RARE, epsilon=2.7, gradients=6, queries=7, fooled=True
    ),
    "trick, too few steps": Attack(
        make_trick("vulture", epsilon=1, steps=1), epsilon=1, gradients=1, queries=2, fooled=False
    ),
    "smallest": away(
        lambda net, picture, seed: smallest(net, picture, BEARS, steps=12, less_like=True),
        gradients=12,
        queries=12,
        fooled=True,
    ),
    "square": away(
        lambda net, picture, seed: square(
            net, picture, BEARS, epsilon=16.7, queries=100, less_like=True, seed=seed + 1
        ),
        epsilon=16.7,
        gradients=0,
        fooled=True,
        seeded=True,
    ),
    "paint": Attack(
        lambda net, picture, seed: paint(net, picture, "vulture", steps=STEPS, copies=2, seed=seed),
        gradients=2 * STEPS,
        queries=2 * STEPS + STEPS + 1,  # and what it says of each frame
        seeded=True,
    ),
    "sticker": Attack(make_sticker, gradients=2 * STEPS, seeded=True),
}
every_attack = pytest.mark.parametrize("name", ATTACKS)


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
                counts["passes"] += 1
                pictures = len(next(iter(batch.values())) if way == "backward" else batch)
                if counts["passes"] == stop:
                    counts["lost"] = pictures if way == "backward" else 0
                    signal.raise_signal(signal.SIGINT)
                counts[way] += pictures
                return real(net, batch, *last)

            patch.setattr(CaffeNet, way, passed)
        yield counts


@pytest.fixture(scope="module")
def done(squeezenet):
    """What an attack makes of the panda, and what was counted meanwhile: each is run once."""

    @cache
    def run(name):
        with counting() as counts:
            return ATTACKS[name].run(squeezenet, PANDA, 0), counts

    return run


def is_in_the_box(attack, result):
    return result.after.dtype == np.uint8 and np.abs(result.after.astype(int) - PANDA).max() <= attack.epsilon


def worked(attack, network, result):
    """Does the network, asked again, give the answer that was asked for?"""
    return (network.predict(result.after).best.index in network.find(attack.target)) != attack.less_like


@every_attack
def test_it_gives_whole_numbers_in_its_box(name, done):
    result, _ = done(name)
    assert is_in_the_box(ATTACKS[name], result)
    if isinstance(result, Result):
        np.testing.assert_array_equal(result.before, PANDA)
        np.testing.assert_array_equal(result.before + result.perturbation, result.after)


@every_attack
def test_it_counts_what_it_took(name, done):
    attack, (result, counts) = ATTACKS[name], done(name)
    assert result.gradients == counts["backward"] and attack.gradients in (None, result.gradients)
    if isinstance(result, Result):
        assert result.queries == counts["forward"] and attack.queries in (None, result.queries)


@pytest.mark.parametrize("name", [name for name in ATTACKS if name != "sticker"])
def test_it_says_truly_whether_it_worked(name, squeezenet, done):
    attack, (result, _) = ATTACKS[name], done(name)
    assert result.fooled == worked(attack, squeezenet, result) and attack.fooled in (None, result.fooled)


@every_attack
def test_the_same_seed_is_the_same_result(name, squeezenet, done):
    attack, (first, _) = ATTACKS[name], done(name)
    again, other = (attack.run(squeezenet, PANDA, seed).after for seed in (0, 1))
    np.testing.assert_array_equal(first.after, again)
    assert (again != other).any() == attack.seeded


@pytest.mark.parametrize("name", [name for name in ATTACKS if "too few" not in name])
def test_ctrl_c_keeps_what_was_reached(name, squeezenet):
    """It comes in the middle of the fourth gradient, or of the eighth query."""
    attack = ATTACKS[name]
    with counting(stop=8) as counts:
        result = attack.run(squeezenet, PANDA, 0)
    assert counts["passes"] == 8 and result.gradients == counts["backward"]
    assert is_in_the_box(attack, result) and (result.after != PANDA).any()
    if isinstance(result, Result):
        assert result.queries == counts["forward"] - counts["lost"]
        assert result.fooled == worked(attack, squeezenet, result)


@every_attack
def test_what_is_no_picture_for_it_is_refused_in_a_sentence(name, squeezenet):
    for wrong in (PANDA / 255, PANDA[..., 0], PANDA[:200, :200]):  # fractions, no colours, too small
        with pytest.raises(ValueError) as error:
            ATTACKS[name].run(squeezenet, wrong, 0)
        assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("attack", "numbers"),
    [(trick, "epsilon steps"), (smallest, "steps"), (paint, "steps copies length"), (square, "epsilon queries")],
)
def test_what_is_not_at_least_one_is_refused_in_a_sentence(attack, numbers, squeezenet):
    for number in numbers.split():
        for value in (0.5, float("nan")):
            with pytest.raises(ValueError, match=f"{number} must be at least 1: "):
                attack(squeezenet, PANDA, "vulture", **{number: value})
