"""Interval bounds: the least and the most that scores can be near a picture, and what that proves."""

import numpy as np
import numpy.typing as npt

from lessons.proofs.two_layers import TwoLayers, flat, relu
from tricknet.arrays import Doubles, Numbers
from tricknet.fashion_mnist import Answers


def box(x: Doubles, epsilon: float) -> tuple[Doubles, Doubles]:
    """The least and the most that each pixel value (0..255) can be if none moves by more than epsilon."""
    return np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 255)


def score_bounds(network: TwoLayers, pictures: Numbers, epsilon: float) -> tuple[Doubles, Doubles]:
    """The least and the most that each score can be (both n x classes), wherever within epsilon the picture is."""
    return network.scores.bounds(*map(relu, network.hidden.bounds(*box(flat(pictures), epsilon))))


def leads(network: TwoLayers, pictures: Numbers, answers: Answers, epsilon: float) -> Doubles:
    """By how much the right score leads each class's at least (n x classes), wherever within epsilon the picture is."""
    low, high = map(relu, network.hidden.bounds(*box(flat(pictures), epsilon)))
    scores = network.scores
    ahead = scores.weights[answers][:, None] - scores.weights  # one score minus another is a weighted sum as well
    middle, radius = (low + high) / 2, (high - low) / 2
    lead = np.einsum("nkh,nh->nk", ahead, middle) + scores.bias[answers][:, None] - scores.bias  # each, at the middle
    return lead - np.einsum("nkh,nh->nk", np.abs(ahead), radius)  # minus what the box can take off


def proven(network: TwoLayers, pictures: Numbers, answers: Answers, epsilon: float) -> npt.NDArray[np.bool_]:
    """For which pictures is it proved that no change up to epsilon makes the answer wrong?"""
    ahead = leads(network, pictures, answers, epsilon)
    ahead[np.arange(len(ahead)), answers] = np.inf  # it need not lead itself
    return (ahead > 0).all(axis=1)
