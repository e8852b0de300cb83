"""Proofs: intervals are never too narrow, no attack beats them, and votes give the radius that a formula says."""

import itertools

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import approx_fprime

from lessons.proofs import bounds, figures, smoothing, training, two_layers
from lessons.proofs.check import check
from lessons.proofs.two_layers import Sums, TwoLayers
from tests.facts import numbers
from tricknet import fashion_mnist, images


def small(seed=0, inputs=4, units=3, classes=3):
    random = np.random.default_rng(seed)
    first = Sums(random.normal(size=(units, inputs)) / 50, random.normal(size=units))
    return TwoLayers(first, Sums(random.normal(size=(classes, units)), random.normal(size=classes)))


def test_one_layer_of_sums_is_bounded_exactly():
    (first, _), random = small(), np.random.default_rng(1)
    low = random.uniform(0, 100, (5, 4))
    high = low + random.uniform(0, 50, (5, 4))
    corners = np.stack([first(np.where(up, high, low)) for up in itertools.product([False, True], repeat=4)])
    np.testing.assert_allclose(first.bounds(low, high), (corners.min(axis=0), corners.max(axis=0)))


@pytest.mark.long
def test_no_attack_beats_a_proof(data):
    """On 1000 pictures, with gradients and with random corners of the box."""
    provable = training.train_on_bounds(*(part[:15_000] for part in data[0]), epsilon=16, epochs=2)
    pictures, answers = (part[:1000] for part in data[1])
    for epsilon in (2, 8, 16):
        proven = bounds.proven(provable, pictures, answers, epsilon)
        ends = two_layers.margin_attack(provable, pictures, answers, epsilon)
        assert np.abs(ends.astype(int) - pictures).max() == epsilon
        corners = pictures + epsilon * np.random.default_rng(epsilon).choice([-1, 1], pictures.shape)
        for moved in (pictures, ends, corners.clip(0, 255)):
            assert two_layers.right(provable, moved, answers)[proven].all()
        broken = ~two_layers.right(provable, ends, answers)
        assert proven.sum() > 400 and broken.sum() > 100  # so that there was something to contradict


def test_training_goes_down_the_slope_of_the_worst_leads():
    network = first, scores = small(inputs=9, units=5)
    random = np.random.default_rng(3)
    pictures, answers = random.integers(0, 256, (6, 3, 3, 1)).astype(np.uint8), random.integers(0, 3, 6)
    slopes = training.slopes_of_leads(network, pictures, answers, 10)
    for array, slope in zip((first.weights, first.bias, scores.weights, scores.bias), slopes, strict=True):

        def loss(values, array=array):
            array.flat = values
            return np.log(np.exp(-bounds.leads(network, pictures, answers, 10)).sum(axis=1)).mean()

        there = array.ravel().copy()
        np.testing.assert_allclose(slope.ravel(), approx_fprime(there, loss, 1e-6), rtol=1e-3, atol=1e-5)
        array.flat = there


def test_the_radius_of_a_straight_line_is_its_distance():
    """Two classes with a straight boundary: there the formula is exact, and the bound stays below it."""
    random, sigma, distance = np.random.default_rng(0), 10.0, 14.0
    radii = [smoothing.radius(int((random.normal(0, sigma, 2000) < distance).sum()), 2000, sigma) for _ in range(200)]
    assert max(radii) < distance and np.median(radii) > 0.8 * distance


def test_votes_are_counted(squeezenet):
    counted, again = (smoothing.votes(squeezenet, images.load("panda"), sigma=5, n=12) for _ in range(2))
    assert counted.sum() == 12 and counted.shape == (1000,) and counted[388] > 6
    np.testing.assert_array_equal(counted, again)


def test_the_exercises_tell_right_from_wrong(refused):
    """The network compares the mean of the trousers' middling values, which falls by exactly epsilon."""
    refused("0.4", (70_000,), (1e300,))
    assert check("0.4", 78_000)
    trousers = fashion_mnist.test_set(3)[0][2:3]
    middling = (trousers > 20) & (trousers < 235)
    mean = Sums(middling.reshape(1, -1) / middling.sum(), np.zeros(1))
    rival = trousers[middling].mean() - 9.5
    usual = TwoLayers(mean, Sums(np.eye(10)[:, 1:2], rival * np.eye(10)[0] - 1000 * (np.arange(10) > 1)))
    fallen, barely, gone = ((trousers + by * middling).astype(np.uint8) for by in (-10, -2, -11))
    refused("0.5", (usual, 9, fallen), (usual, 11, fallen), (usual, 10, barely), (usual, 10, gone), (9, 10, fallen))
    assert check("0.5", usual, 10, fallen)


def test_a_bell_loses_its_majority_at_the_border():
    """The shares in the figure are those of 200,000 draws."""
    draws = np.random.default_rng(0).normal(0, 40, 200_000)
    for distance in (40, 88):
        (*_, said) = numbers(figures.bells(distance, share=0.986, sigma=40).alt)
        assert said == pytest.approx(100 * (draws + distance < np.quantile(draws, 0.986)).mean(), abs=0.5)


def test_of_borders_that_leave_the_same_share_the_straight_one_costs_more():
    """Neyman and Pearson: and what the straight one leaves is the normal distribution's."""
    axes = figures.clouds(72, share=0.95, sigma=40).figure.axes
    before, straight_before, winding, straight = (float(ax.get_title().split()[-1].rstrip("%")) for ax in axes)
    assert before == straight_before == 95 and winding > 50
    assert straight == pytest.approx(100 * stats.norm.cdf(stats.norm.ppf(0.95) - 72 / 40), abs=3)
