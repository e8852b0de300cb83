"""Lesson 4's straight lines: is the smallest epsilon the smallest? A linear program and plain search say the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression

from tricknet.topics.linear import Line, fit, fool

seeds = st.integers(0, 2**32 - 1)


def random_line(seed, classes=3, values=6):
    rng = np.random.default_rng(seed)
    return rng, Line(rng.normal(size=(classes, values)), rng.normal(size=classes))


@given(seeds, st.integers(2, 4))
@settings(max_examples=30)
def test_the_smallest_epsilon_is_that_of_a_linear_program(seed, classes):
    rng, line = random_line(seed, classes)
    picture = rng.uniform(0, 255, (1, 6))
    label = line.answers(picture)
    (epsilon,), (rival,) = line.smallest_epsilon(picture, label)

    def least(k):  # minimise e over changes c with -e <= c_i <= e and score k - score label >= 0
        d = line.weights[k] - line.weights[label[0]]
        gap = line.scores(picture)[0, label[0]] - line.scores(picture)[0, k]
        box = np.hstack([np.vstack([np.eye(6), -np.eye(6)]), -np.ones((12, 1))])
        a, b = np.vstack([box, [*-d, 0]]), np.array([0] * 12 + [-gap])
        return linprog([0] * 6 + [1], a, b, bounds=[(None, None)] * 6 + [(0, None)]).fun

    found = {k: least(k) for k in range(classes) if k != label[0]}
    assert epsilon == pytest.approx(min(found.values()), rel=1e-6, abs=1e-9)
    assert rival == min(found, key=found.__getitem__)


def test_a_picture_that_is_wrong_already_needs_nothing():
    _, line = random_line(0)
    pictures = np.zeros((1, 6))
    wrong = (line.answers(pictures) + 1) % 3
    assert line.smallest_epsilon(pictures, wrong)[0] < 0


def test_the_tilt_is_an_angle_that_can_be_seen():
    pictures, labels = np.array([[0.0, 0], [2, 0]]), np.array([0, 1])
    for degrees in (0, 30, 80):
        across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        assert Line(np.array([-across, across]), np.zeros(2)).tilt(pictures, labels) == pytest.approx(degrees)


@pytest.mark.parametrize("classes", [2, 3])
def test_fit_is_scikit_learns_own_without_the_change_of_coordinates(classes):
    rng = np.random.default_rng(0)
    labels = np.repeat(range(classes), 15)
    pictures = np.clip(rng.normal(100 + 20 * labels[:, None, None], 40, (len(labels), 8, 8)), 0, 255)
    line = fit(pictures, labels, C=0.1)
    own = LogisticRegression(C=0.1, max_iter=5000, tol=1e-6).fit(pictures.reshape(-1, 64) / 255, labels)
    gaps = line.scores(pictures) - line.scores(pictures)[:, :1]
    there = own.decision_function(pictures.reshape(-1, 64) / 255)
    there = there - there[:, :1] if classes > 2 else np.stack([0 * there, there], axis=1)
    np.testing.assert_allclose(gaps, there, atol=2e-3)


@given(seeds)
@settings(max_examples=20)
def test_no_picture_within_a_smaller_whole_epsilon_fools(seed):
    rng, line = random_line(seed, values=3)
    picture = rng.integers(0, 256, 3).astype(np.uint8)
    label = int(line.answers(picture[None])[0])
    line = Line(line.weights, line.bias - 20 * (np.arange(3) != label))  # a margin, or else 1 is enough for all
    try:
        epsilon, moved = fool(line, picture, label)
    except ValueError:
        epsilon, moved = 4, None  # nothing fools: then nothing small does
    if moved is not None:
        assert line.answers(moved[None])[0] != label
        assert np.abs(moved.astype(int) - picture).max() <= epsilon
    reach = np.arange(-min(epsilon - 1, 3), min(epsilon - 1, 3) + 1)
    near = picture + np.stack(np.meshgrid(reach, reach, reach), axis=-1).reshape(-1, 3)
    assert (line.answers(near[((near >= 0) & (near <= 255)).all(axis=1)]) == label).all()
