"""Lesson 10: its controls are controls, and its exercises tell right from wrong."""

import numpy as np
import pytest

from lessons.sticker.stickers import blank, log_odds_at, rivals, worn
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.sticker import Sticker, disc
from tricknet.networks.objectives import Logit


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(refused):
    nothing = np.dstack([blank(), np.where(disc(), 255, 0).astype(np.uint8)])
    both = Sticker(nothing, "teapot or toaster")
    refused("10.1", ("teapot",), (sticker.ready("toaster"),), (Sticker(nothing, "teapot"),), (both,))
    refused("10.2", (80, 0), (0, 0))
    refused("10.2", (16.5, 16))
    refused("10.3", ("toaster",), ("zebra",))


def test_rivals_differ_in_the_disc_alone():
    photographs = images.load_all(images.HELD_OUT[:2])
    discs = rivals("banana")
    assert set(discs) == {"sticker", "shuffled", "note", "object"} and "object" not in rivals("toaster")
    own, other = (discs[kind][disc()] for kind in ("sticker", "shuffled"))
    assert sorted(map(tuple, own)) == sorted(map(tuple, other)) and (own != other).any()
    worn_by = {kind: worn(photographs, what, 0.15) for kind, what in discs.items()}
    changed = {kind: (pictures != photographs).any(axis=-1) for kind, pictures in worn_by.items()}
    somewhere = np.logical_or.reduce(list(changed.values()))
    assert somewhere.mean() == pytest.approx(0.15, abs=0.01)
    assert all((somewhere & ~where).sum() < 0.02 * somewhere.sum() for where in changed.values())


PANDA = images.load("panda")


def test_log_odds_are_those_at_their_places(squeezenet):
    """The network's scores say the same: a class's own, less that of all the others together."""
    places, own = (60, 160), squeezenet.predict(PANDA).best.index
    found = log_odds_at(squeezenet, PANDA, blank(), own, places=places, size=75)
    score = Logit(own) - Logit(set(range(1000)) - {own})
    for i, j in np.ndindex(2, 2):
        covered = sticker.place(PANDA, blank(), (places[i], places[j]), 75)
        assert found[i, j] == pytest.approx(squeezenet.value(covered, score), abs=1e-3)
