"""The league: its defences stand untouched, hide their gradients, and its check counts what falls."""

import numpy as np
import pytest

from lessons.defence.check import HIDDEN, check
from lessons.defence.league import league, shades
from tricknet import images
from tricknet.attacks.transforms import Noise
from tricknet.attacks.trick import trick
from tricknet.networks.objectives import Class


@pytest.fixture(scope="module")
def three(googlenet):
    return league(googlenet)


@pytest.mark.parametrize("name", HIDDEN)
def test_untouched_photographs_stand(googlenet, three, name):
    photograph = images.load(name)
    right = googlenet.predict(photograph).best.index
    assert not any(defence.falls(photograph, right) for defence in three.values())
    assert three["watchman"].answers(photograph) == (right, right)


@pytest.mark.parametrize("name", ["eight shades", "noise"])
def test_their_own_gradients_are_empty(three, name):
    assert not three[name].gradient(images.load("bee"), Class("bee")).any()


def test_what_stands_in_front():
    bee = images.load("bee")
    assert len(np.unique(shades(bee))) == 8
    noise = Noise(np.random.default_rng(0), sigma=20)(bee) - bee
    assert noise.std() == pytest.approx(20, rel=0.01) and abs(noise.mean()) < 1


def test_the_watchman_refuses_where_the_two_answers_differ(googlenet, three):
    """A plain trick of lesson 8: a vulture as it is, and a panda again after JPEG."""
    tricked = trick(googlenet, images.load("panda"), "vulture", epsilon=1).after
    plain, pressed = three["watchman"].answers(tricked)
    assert plain != pressed and not three["watchman"].falls(tricked, googlenet.labels.find("zebra"))


def test_the_check_keeps_the_score():
    verdict = repr(check("13.3", {"eight shades": lambda picture, label: picture}))
    assert "→ Not yet." in verdict and "eight shades 0 of 5" in verdict and "Still standing: eight shades" in verdict
    assert "budget is 4" in repr(check("13.3", {"watchman": lambda picture, label: 255 - picture}))
    assert "keys" in repr(check("13.3", {"fog": lambda picture, label: picture}))
