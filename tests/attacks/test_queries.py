"""Attacks that only ask: do they keep their budgets, and find what is there to be result?"""

import numpy as np
import pytest

from tricknet.attacks.queries import square

GREY = np.full((8, 8, 3), 128, dtype=np.uint8)
WEIGHTS = np.random.default_rng(0).normal(size=GREY.shape)


class Linear:
    """Two classes: the second wins where the weights and the change from grey exceed a threshold. It counts."""

    def __init__(self, threshold):
        self.threshold, self.asked = threshold, 0

    def __call__(self, pictures):
        assert pictures.dtype == np.uint8 and pictures.shape[1:] == GREY.shape
        self.asked += len(pictures)
        scores = np.tensordot(pictures.astype(float) - 128, WEIGHTS, 3) - self.threshold
        scores = np.clip(scores / 200, -50, 50)
        return np.stack([1 / (1 + np.exp(scores)), 1 / (1 + np.exp(-scores))], axis=1).astype(np.float32)


MOST = 8 * np.abs(WEIGHTS).sum()  # what any change within epsilon 8 can add to the score


@pytest.mark.parametrize("seed", range(3))
def test_square_finds_almost_the_best_corner_of_the_box_and_nothing_beyond_it(seed):
    options = {"epsilon": 8, "queries": 2000, "seed": seed}
    result = square(Linear(0.95 * MOST), GREY, 1, **options)
    assert result.fooled and result.queries < 2000
    beyond = square(Linear(1.01 * MOST), GREY, 1, **options)
    assert not beyond.fooled and beyond.queries == 2000
    assert square(Linear(0.95 * MOST), GREY, 1, epsilon=np.inf).fooled


def test_square_asks_no_question_whose_answer_it_has():
    """Where it is stuck, every square that it tries differs from what already lies there."""
    linear, asked = Linear(2 * MOST), []
    square(lambda pictures: asked.extend(pictures.copy()) or linear(pictures), GREY, 1, epsilon=8, queries=500)
    best, *tried = asked[1:]
    for picture in tried:
        assert (picture != best).any()
        best = max(best, picture, key=lambda one: linear(one[None])[0, 1])
