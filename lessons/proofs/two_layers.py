"""A network of two layers in NumPy, small enough for proofs: its answers, and an attack on it.

In this folder pictures are n x 28 x 28 x 1, except in smoothing.py, and epsilon is in pixel values. Everything is
computed in float64, whose rounding (about one part in 10 to the 15) the proofs leave out.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Doubles, Floats, Numbers, Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers


@dataclass(frozen=True, eq=False)
class Sums:
    """A layer of weighted sums (weights: out x in)."""

    weights: Doubles
    bias: Doubles

    def __call__(self, x: Doubles) -> Doubles:
        """The sums: n x out."""
        return np.asarray(x @ self.weights.T + self.bias)

    def bounds(self, low: Doubles, high: Doubles) -> tuple[Doubles, Doubles]:
        """The least and the most that each sum can be if each input lies between low and high."""
        middle, radius = self((low + high) / 2), (high - low) / 2 @ np.abs(self.weights).T
        return middle - radius, middle + radius


class TwoLayers(NamedTuple):
    """One hidden layer of ReLUs, and one that gives the scores."""

    hidden: Sums
    scores: Sums


def relu(x: Doubles) -> Doubles:
    """What is below 0 becomes 0. Where what goes in grows, what comes out never falls."""
    return np.maximum(x, 0)


def flat(pictures: Numbers) -> Doubles:
    """Pictures as the network takes them: n x values."""
    return pictures.reshape(len(pictures), -1).astype(float)


def margin_attack(network: TwoLayers, pictures: Pictures, answers: Answers, epsilon: float) -> Pictures:
    """Pictures moved by at most epsilon, in 50 steps along the gradient of the margin."""
    (first, scores), rows = network, np.arange(len(pictures))

    def downhill(x: Floats) -> Floats:
        """The slope of the strongest rival's lead."""
        sums = first(flat(x))
        values = scores(relu(sums))
        values[rows, answers] = -np.inf
        ahead = scores.weights[values.argmax(axis=1)] - scores.weights[answers]
        return ((ahead * (sums > 0)) @ first.weights).reshape(x.shape).astype(np.float32)

    return walk(pictures, downhill, epsilon=epsilon, steps=50)


def right(network: TwoLayers, pictures: Numbers, answers: Answers) -> npt.NDArray[np.bool_]:
    """Which pictures are classified correctly?"""
    return predictions(network, pictures) == answers


def predictions(network: TwoLayers, pictures: Numbers) -> Answers:
    """The first answer about each picture: a class's number."""
    return network.scores(relu(network.hidden(flat(pictures)))).argmax(axis=1)
