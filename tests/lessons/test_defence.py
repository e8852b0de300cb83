"""Lesson 13: what its fake defence hides is found without a gradient, its league keeps the score, its tables add up."""

import numpy as np
import pytest

from lessons.defence import figures, table
from lessons.defence.check import HIDDEN, check
from lessons.defence.defences import Sharp, attacked, flags, four_defences, softmax
from lessons.defence.league import league, shades
from tricknet import images
from tricknet.attacks.queries import square
from tricknet.attacks.trick import trick
from tricknet.networks.objectives import Class
from tricknet.plots.sheet import read_back

COFFEE = images.load("coffee")


@pytest.fixture(scope="module")
def right(googlenet):
    return googlenet.predict(COFFEE).best.index


@pytest.fixture
def defences(googlenet):
    return four_defences(googlenet)


def test_the_sharp_loss_is_exact_where_float32_is_enough_and_flat_where_it_is_not(googlenet):
    logits, labels = np.zeros(1000), googlenet.labels
    logits[[3, 5]] = 0.05, 0.04  # after multiplication by 100 they differ by 1
    value, slope = Sharp(3).measure(logits, labels)
    for i in (3, 5, 7):
        step = np.eye(1000)[i] * 1e-6
        around = [Class(3).measure(100 * (logits + way * step), labels)[0] for way in (1, -1)]
        assert slope[i] == pytest.approx((around[0] - around[1]) / 2e-6, rel=1e-3)
    assert value == pytest.approx(np.log(softmax(100 * logits)[3]))
    logits[3] = 5
    assert not Sharp(3).measure(logits, labels)[1].any()
    assert Class(3).measure(logits, labels)[1].any()


def test_the_sharp_softmax_never_changes_the_first_answer(googlenet, defences):
    """Nor does it matter to what is asked how somebody differentiates it."""
    authors, informed = (defended.ask(COFFEE[None])[0] for defended in defences["sharp softmax"])
    np.testing.assert_array_equal(authors, informed)
    assert authors.argmax() == googlenet.predict(COFFEE).best.index and authors.sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.long
def test_square_finds_the_fake_defence_out(defences, right):
    """The gradient is exactly zero, so the gradient attack leads nowhere. An attack that only asks does not care."""
    fake, informed = defences["sharp softmax"]
    assert not fake.gradient(COFFEE, Sharp(right)).any()
    claimed = attacked(fake, COFFEE, right, epsilon=8)
    np.testing.assert_array_equal(claimed, COFFEE)
    search = square(fake.ask, COFFEE, right, epsilon=8, queries=200, less_like=True)
    assert search.fooled and fake.falls(search.after, right)
    assert fake.falls(attacked(informed, COFFEE, right, epsilon=8), right)


@pytest.mark.long
def test_an_honest_evaluation_raises_no_flag_and_a_fake_one_does(defences, right, squeezenet):
    def raised(defended):
        claimed = attacked(defended, COFFEE, right, epsilon=8)
        assert np.abs(claimed.astype(int) - COFFEE).max() <= 8
        up = flags(defended, COFFEE, right, epsilon=8, claimed=claimed, other=squeezenet, queries=200)
        return {name for name, is_up in up.items() if is_up}

    assert raised(defences["blur"][0]) == set()
    assert {"zero gradient", "no gradient", "another loss", "epsilon 128 fails"} <= raised(defences["sharp softmax"][0])
    assert {"zero gradient", "epsilon 128 fails"} <= raised(defences["JPEG"][0])
    assert "random answers" in raised(defences["resize and pad"][0])


def test_a_restart_begins_elsewhere(defences, right):
    ends = [attacked(defences["JPEG"][0], COFFEE, right, epsilon=1, steps=2, starts=n) for n in (1, 2)]
    np.testing.assert_array_equal(ends[0], COFFEE)  # its slope is 0
    assert np.abs(ends[1].astype(int) - COFFEE).max() == 1


@pytest.mark.parametrize("flag", [lambda *_: True, lambda *_: False, 3])
def test_a_flag_that_is_always_up_or_down_gets_a_hint(refused, flag):
    refused("13.1", (flag,))


def test_the_tables_of_flags_hold_what_can_be():
    """Where no dice are thrown, a proof needs a picture that stood, and an attack that works reaches all at 128."""
    measured = table("flags")
    for rows, names in ((measured, images.EVIDENCE[:30]), (table("flags_held_out"), images.HELD_OUT[:30])):
        assert [row["picture"] for row in rows] == [name for name in names for _ in range(8)]
        for row in rows:
            assert row["stands"] <= row["untouched"] or row["defence"] == "resize and pad"
    for row in measured:
        assert row["random answers"] == (row["defence"] == "resize and pad")
        if row["defence"] != "resize and pad":
            proofs = [row[flag] for flag in ("more steps", "another loss", "no gradient", "another network")]
            assert row["stands"] >= max(proofs) and row["epsilon 128 fails"] == row["stands"]


def test_the_later_tables_are_about_the_same_photographs():
    thirty = list(images.EVIDENCE[:30])
    assert [row["picture"] for row in table("slopes")] == [
        name for name in (*thirty, *images.HELD_OUT[:30]) for _ in range(2)
    ]
    for name in ("dice", "decisions", "flags_square"):
        assert [row["picture"] for row in table(name)] == thirty
    for row in table("decisions"):
        assert row["falls"] == (row["at"] <= 8) and row["queries"] <= 300


def test_a_larger_budget_never_helps_the_defence():
    rows = [row for row in table("defences") if row["attack"] == "adaptive"]
    for row in rows:
        stood = {r["epsilon"]: r["stands"] for r in rows if all(r[k] == row[k] for k in ("set", "picture", "defence"))}
        assert [stood[e] for e in sorted(stood)] == sorted(stood.values(), reverse=True)


@pytest.fixture(scope="module")
def three(googlenet):
    return league(googlenet)


def test_untouched_photographs_stand_in_the_league_whose_own_gradients_are_empty(googlenet, three):
    for name in HIDDEN:
        photograph = images.load(name)
        right = googlenet.predict(photograph).best.index
        assert not any(defence.falls(photograph, right) for defence in three.values())
    assert len(np.unique(shades(COFFEE))) == 8
    for name in ("eight shades", "noise"):
        assert not three[name].gradient(photograph, Class(right)).any()


@pytest.mark.long
def test_the_watchman_refuses_where_the_two_answers_differ(googlenet, three):
    """A plain trick of lesson 8: a vulture as it is, and a panda again after JPEG."""
    tricked = trick(googlenet, images.load("panda"), "vulture", epsilon=1).after
    plain, pressed = three["watchman"].answers(tricked)
    assert plain != pressed and not three["watchman"].falls(tricked, googlenet.labels.find("zebra"))


def test_the_check_keeps_the_score(refused):
    assert "eight shades 0 of 5" in check("13.3", {"eight shades": lambda picture, label: picture}).text
    far, unknown = {"watchman": lambda picture, label: 255 - picture}, {"fog": lambda picture, label: picture}
    refused("13.3", ({"eight shades": lambda picture, label: picture},), (far,), (unknown,))


def test_an_empty_gradient_is_an_empty_square():
    slope = np.random.default_rng(0).normal(size=(224, 224, 3))
    (full, _), (empty, caption) = read_back(figures.gradients({"full": slope, "empty": 0 * slope}, "two"))
    assert caption == "empty" and len(np.unique(empty)) == 1 and abs(int(empty.flat[0]) - 127) < 10
    assert len(np.unique(full)) > 8
