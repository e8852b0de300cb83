"""Lesson 10: its controls are controls, and its exercises tell right from wrong."""

import numpy as np
import pytest

from lessons.sticker.check import check
from lessons.sticker.stickers import candidate, rivals, squared, worn
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.sticker import Sticker, disc


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(refused):
    toaster, shipped = sticker.ready("toaster"), map(sticker.ready, sticker.names())
    wrong, both = (Sticker(toaster.pixels, label, gradients=1) for label in ("teapot", "teapot or toaster"))
    again = [Sticker(toaster.pixels, label, gradients=1) for label in ("Toaster", "toaster ", "859")]
    crop = Sticker(images.load("proboscis_monkey")[28:196, 28:196], "proboscis monkey")
    assert {check("10.1", one).state for one in shipped} == {"wrong"}
    refused("10.1", ("teapot",), (toaster,), (wrong,), (both,), (crop,), *zip(again))
    refused("10.2", (80, 0), (0, 0), (16.5, 16))


def test_a_contest_gives_both_the_same_chances(refused):
    def contest(count, made, things, search, fresh, share):
        return count(made, fresh, share), count(max(things, key=lambda one: count(one, search, share)), fresh, share)

    assert check("10.3", contest)
    lucky, first = (lambda *_: (30, 10)), (lambda *to: contest(*to[:2], to[2][:1], *to[3:]))
    peeks, stays = (lambda *to: contest(*to[:3], to[4], *to[4:])), (lambda *to: contest(*to[:4], *to[3::2]))
    refused("10.3", (lucky,), (peeks,), (lambda *to: contest(*to[:5], 0.25),), (lambda *_: 30,))
    assert {check("10.3", one).state for one in (first, stays)} == {"wrong"}


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
    square = squared(photographs, candidate("loud", 0), 0.25) != photographs
    assert square.any(axis=-1).mean() == pytest.approx(0.25, abs=0.01)
