"""Attacks that only ask: do they keep their budgets, and find what is there to be found?"""

import numpy as np
import pytest
from scipy.special import softmax

from tricknet.attacks.queries import square

GREY = np.full((8, 8, 3), 128, dtype=np.uint8)
WEIGHTS = np.random.default_rng(0).normal(size=GREY.shape)


class Linear:
    """Two classes: the second wins where the weights and the change from grey exceed a threshold. It counts."""

    def __init__(self, threshold, weights=WEIGHTS):
        self.threshold, self.weights, self.asked = threshold, weights, 0

    def __call__(self, pictures):
        assert pictures.dtype == np.uint8 and pictures.shape[1:] == self.weights.shape
        self.asked += len(pictures)
        scores = (np.tensordot(pictures.astype(float) - 128, self.weights, 3) - self.threshold) / 200
        return softmax(np.stack([-scores, scores], axis=1).clip(-25, 25), axis=1).astype(np.float32)


MOST = 8 * np.abs(WEIGHTS).sum()  # what any change within epsilon 8 can add to the score


@pytest.mark.parametrize("seed", range(3))
def test_square_finds_almost_the_best_corner_of_the_box_and_nothing_beyond_it(seed):
    options, ask = {"epsilon": 8, "queries": 2000, "seed": seed}, Linear(0.95 * MOST)
    result = square(ask, GREY, 1, **options)
    assert result.fooled and result.queries == ask.asked - 1 < 2000
    beyond = square(Linear(1.01 * MOST), GREY, 1, **options)
    assert not beyond.fooled and beyond.queries == 2000
    assert square(Linear(0.95 * MOST), GREY, 1, epsilon=np.inf).fooled
    assert square(Linear(-0.95 * MOST), GREY, 1, **options).queries == 1


def test_square_asks_no_question_whose_answer_it_has():
    """Where it is stuck, every square that it tries differs from what already lies there."""
    linear, asked = Linear(2 * MOST), []
    square(lambda pictures: asked.extend(pictures.copy()) or linear(pictures), GREY, 1, epsilon=8, queries=500)
    best, *tried = asked[1:-1]  # the last question is about the result
    for picture in tried:
        assert (picture != best).any()
        best = max(best, picture, key=lambda one: linear(one[None])[0, 1])


@pytest.mark.parametrize("target", [7, {7, np.int64(2)}])
def test_whatever_answers_can_have_any_number_of_classes(target):
    """Ten, of which each wins where its own column is the brightest. What is none of them gets a sentence."""
    ask = lambda pictures: softmax(pictures[:, :, :10, 0].mean(axis=1) / 10, axis=1)  # noqa: E731
    picture = np.full((12, 12, 1), 100, np.uint8)
    picture[:, 4] = 110
    found = square(ask, picture, target, epsilon=16, queries=300)
    assert found.fooled and ask(found.after[None])[0].argmax() in {7, 2}
    assert not square(ask, picture, 4, epsilon=1, queries=20, less_like=True).fooled
    for wrong in ("tench", {"tench"}, 388, -1, range(10), ()):
        with pytest.raises(ValueError, match=r"\.$"):
            square(ask, picture, wrong)
