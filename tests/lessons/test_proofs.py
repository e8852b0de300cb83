"""Proofs: a straight border costs the floor, votes give the formula's radius, and controls are as loud."""

import numpy as np
import pytest
from scipy import stats

from lessons.proofs import figures, smoothing, table
from lessons.proofs.check import check
from tests.facts import numbers
from tricknet import images


def test_a_straight_border_costs_just_the_floor():
    for move, share in ((40, 0.2), (72, 0.055), (120, 0.01)):
        before, after = smoothing.crumbs(move)
        worst = 1 - smoothing.floor(1 - share, move, 40)
        straight, there = (np.cumsum(shares.sum(axis=0)[::-1])[::-1] for shares in (before, after))
        assert np.interp(-share, -straight, -there) == pytest.approx(-worst, abs=0.01)


def test_the_floor_is_half_at_the_radius():
    for k, n in ((500, 500), (90, 100)):
        share, radius = smoothing.at_least(k, n), smoothing.radius(k, n, 40)
        np.testing.assert_allclose(smoothing.floor(share, [0, radius], 40), [share, 0.5])
    assert smoothing.radius(50, 100, 40) == 0


def test_the_radius_of_a_straight_line_is_its_distance():
    """Two classes with a straight boundary: there the formula is exact, and the bound stays below it."""
    random, sigma, distance = np.random.default_rng(0), 10.0, 14.0
    radii = [smoothing.radius(int((random.normal(0, sigma, 2000) < distance).sum()), 2000, sigma) for _ in range(200)]
    assert max(radii) < distance and np.median(radii) > 0.8 * distance


def test_votes_are_counted(squeezenet):
    counted, again = (smoothing.votes(squeezenet, images.load("panda"), sigma=5, n=12) for _ in range(2))
    assert counted.sum() == 12 and counted.shape == (1000,) and counted[388] > 6
    np.testing.assert_array_equal(counted, again)


def test_a_walk_lowers_what_noisy_pictures_get(squeezenet):
    start, *_, end = smoothing.overturn(squeezenet, images.load("panda"), 388, sigma=20, steps=6)
    noise = np.random.default_rng(9).normal(0, 20, (8, *start.shape))
    views = ([*(one + noise).astype(np.float32)] for one in (start, end))
    before, after = (1 - np.mean([p["giant panda"] for p in squeezenet.predict(view)]) for view in views)
    assert after > 3 * before and end.dtype == np.uint8
    assert 90 < np.linalg.norm(end.astype(float) - start) < 190  # six steps of 30, roughly one way


def test_controls_are_as_loud_as_the_change_and_in_the_same_places():
    change = np.random.default_rng(0).normal(size=(16, 24, 3)) ** 3
    changes = smoothing.controls(change)
    assert not any(np.allclose(one, change) for one in changes.values())
    coins, shuffled, negated, moved = (one**2 for one in changes.values())
    np.testing.assert_allclose(coins, change**2)
    np.testing.assert_allclose(negated, change**2)
    np.testing.assert_allclose(moved[:, 8:], change[:, :-8] ** 2)
    for square in np.ndindex(2, 3):
        part = tuple(slice(8 * start, 8 * start + 8) for start in square)
        np.testing.assert_allclose(np.sort(shuffled[part], None), np.sort(change[part] ** 2, None))


def test_the_exercises_tell_right_from_wrong(refused):
    refused("0.4", (70_000,), (1e300,))
    assert check("0.4", 78_000) and check("0.4", 71_500) and check("0.4", 85_000)
    before, after = smoothing.crumbs()

    def first(key, share=0.055):
        lost = np.zeros(before.shape, dtype=bool)
        lost.flat[order] = np.cumsum(before.flat[order := np.argsort(-key, axis=None)]) <= share
        return lost

    for lost in (first(after), first(-before), first(np.random.default_rng(0).random(before.shape)), 0 * before):
        assert not check("0.5", lost)
    refused("0.5", (first(after - before),), (first(after / before, 0.06),), (after,), (9,))
    straight = np.broadcast_to(np.arange(59) >= 33, before.shape)
    assert check("0.5", first(after / before)) and check("0.5", straight)


def test_a_bell_loses_its_majority_at_the_border():
    """The shares in the figure are those of 200,000 draws."""
    draws = np.random.default_rng(0).normal(0, 40, 200_000)
    for distance in (40, 88):
        (*_, said) = numbers(figures.bells(distance, share=0.986, sigma=40).alt)
        assert said == pytest.approx(100 * (draws + distance < np.quantile(draws, 0.986)).mean(), abs=0.5)


def test_each_swap_costs_the_panda_votes_up_to_the_straight_border():
    *_, last = lost = [numbers(figures.swap(swaps, move=72, sigma=40).alt)[-1] for swaps in range(11)]
    straight = 1 - stats.norm.cdf(stats.norm.ppf(0.95) - 72 / 40)
    assert lost == sorted(lost) and last == pytest.approx(100 * straight, abs=1)


def test_the_proof_holds_for_every_count():
    """No attack falls below the floor, by more than the 100 votes' luck."""
    for row in table("votes"):
        floor = smoothing.floor(smoothing.at_least(500, 500), row["length"], 40)
        assert stats.binom.cdf(row["panda"], 100, floor) > 0.001
