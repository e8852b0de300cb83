"""Is it size? The smallest epsilon is a linear program's, and training is scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression

from lessons.is_it_size import linear
from lessons.is_it_size.check import check


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
@settings(max_examples=30)
def test_the_smallest_epsilon_is_that_of_a_linear_program(seed, classes):
    rng = np.random.default_rng(seed)
    weights, constants, picture = rng.normal(size=(classes, 6)), rng.normal(size=classes), rng.uniform(0, 255, (1, 6))
    picture[picture < 100] = 0  # clothes are mostly black, and these values can go one way only
    scores = (picture @ weights.T + constants)[0]
    label = int(scores.argmax())

    def least(k):  # minimise e over changes c with -e <= c_i <= e, inside 0..255, and score k - score label >= 0
        box = np.hstack([np.vstack([np.eye(6), -np.eye(6)]), -np.ones((12, 1))])
        a, b = np.vstack([box, [*(weights[label] - weights[k]), 0]]), np.array([0] * 12 + [scores[k] - scores[label]])
        found = linprog([0] * 6 + [1], a, b, bounds=[*zip(-picture[0], 255 - picture[0], strict=True), (0, None)])
        return found.fun if found.success else np.inf

    rival = (label + 1) % classes
    right, wrong = (linear.smallest_epsilon(weights, constants, picture, np.array([k]))[0] for k in (label, rival))
    assert right == pytest.approx(min(least(k) for k in range(classes) if k != label), rel=1e-6, abs=1e-9)
    assert wrong < 0


def test_fit_is_scikit_learns_own_without_the_change_of_coordinates():
    labels = np.repeat(range(3), 15)
    pictures = np.random.default_rng(0).normal(100 + 20 * labels[:, None, None, None], 40, (45, 8, 8, 1)).clip(0, 255)
    weights, constants = linear.fit(pictures, labels, C=0.1)
    flat = pictures.reshape(45, -1)
    own = LogisticRegression(C=0.1, max_iter=5000, tol=1e-6).fit(flat / 255, labels)
    scores, there = flat @ weights.T + constants, own.decision_function(flat / 255)
    np.testing.assert_allclose(scores - scores[:, :1], there - there[:, :1], atol=2e-3)


def test_squares_are_shrunk_to_their_average_and_parts_share_none():
    pictures, labels = linear.cut_squares()
    np.testing.assert_allclose(linear.smaller(pictures, 2)[4, 1, 0], pictures[4, 16:, :16].mean(axis=(0, 1)))
    assert (np.bincount(labels) == [9 * 14, 12 * 18, 13 * 20, 13 * 20]).all()
    drawn = np.concatenate([x for x, _ in linear.draw("squares", 0)]).reshape(len(pictures), -1)
    assert len(np.unique(drawn, axis=0)) > 0.99 * len(pictures)


def test_the_exercise_tells_right_from_wrong(refused):
    assert check("0.8", 14, 0.08, 20)
    refused("0.8", (13, 0.01, 1), (True, 0.01, 1), (14, 0.08, 0.1), (14, 5, 0.08), (7, 0.01, 100), (14, "cheap", 1))
