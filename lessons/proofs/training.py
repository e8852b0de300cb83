"""A network that is trained on interval bounds, so that more can be proved of it."""

from contextlib import suppress

import numpy as np

from lessons.proofs.bounds import box, leads
from lessons.proofs.two_layers import Sums, TwoLayers, flat, relu
from tricknet.adam import Adam
from tricknet.arrays import Doubles, Pictures
from tricknet.fashion_mnist import Answers
from tricknet.progress import bar


def train_on_bounds(
    pictures: Pictures, answers: Answers, *, epsilon: float, epochs: int = 4, hidden: int = 64, seed: int = 0
) -> TwoLayers:
    """A network with one hidden layer, trained on the worst that `leads` allows (Gowal et al. 2018), not on pictures.

    Epsilon grows from 0 over the first half. Adam's rate falls from 0.002 along a cosine. Ctrl-C ends early, and keeps
    what was learnt.
    """
    random, batch = np.random.default_rng(seed), 200
    classes = int(answers.max()) + 1
    sizes = [(hidden, pictures[0].size), (classes, hidden)]
    first, scores = (Sums((2 / size[1]) ** 0.5 * random.normal(size=size), np.zeros(size[0])) for size in sizes)
    first.weights[:] /= 2 * 255  # pixel values are large
    network = TwoLayers(first, scores)
    learnt = [first.weights, first.bias, scores.weights, scores.bias]
    adams = [Adam(forgets=0.001) for _ in learnt]
    steps = epochs * (len(pictures) // batch)
    with suppress(KeyboardInterrupt):
        for step in bar(range(1, steps + 1), total=steps, desc="steps"):
            if (step - 1) % (len(pictures) // batch) == 0:
                order = random.permutation(len(pictures))
            some, order = order[:batch], order[batch:]
            slopes = slopes_of_leads(network, pictures[some], answers[some], epsilon * min(1, 2 * step / steps))
            rate = 0.001 * (1 + np.cos(np.pi * step / steps))
            for array, adam, slope, scale in zip(learnt, adams, slopes, (1 / 255, 1, 1, 1), strict=True):
                array -= scale * rate * adam(slope)
    return network


def slopes_of_leads(network: TwoLayers, pictures: Pictures, answers: Answers, epsilon: float) -> list[Doubles]:
    """How the loss on the worst leads grows with each weight and bias: `leads` gone through backwards."""
    rows, (first, scores) = np.arange(len(pictures)), network
    below, above = box(flat(pictures), epsilon)
    low, high = first.bounds(below, above)
    leads_of = leads(network, pictures, answers, epsilon)
    likely = np.exp(-leads_of - (-leads_of).max(axis=1, keepdims=True))
    wrong = likely / likely.sum(axis=1, keepdims=True)
    wrong[rows, answers] -= 1
    wrong /= len(pictures)

    ahead = scores.weights - scores.weights[answers][:, None]
    middle, radius = (relu(low) + relu(high)) / 2, (relu(high) - relu(low)) / 2
    of_ahead = wrong[:, :, None] * (middle[:, None] + np.sign(ahead) * radius[:, None])
    of_scores, of_bias = of_ahead.sum(axis=0), wrong.sum(axis=0)
    np.add.at(of_scores, answers, -of_ahead.sum(axis=1))
    np.add.at(of_bias, answers, -wrong.sum(axis=1))

    of_middle, of_radius = (np.einsum("nk,nkh->nh", wrong, a) for a in (ahead, np.abs(ahead)))
    of_low, of_high = (of_middle - of_radius) / 2 * (low > 0), (of_middle + of_radius) / 2 * (high > 0)
    of_sum, of_spread = of_low + of_high, of_high - of_low
    of_first = of_sum.T @ ((below + above) / 2) + np.sign(first.weights) * (of_spread.T @ ((above - below) / 2))
    return [of_first, of_sum.sum(axis=0), of_scores, of_bias]
