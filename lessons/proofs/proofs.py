"""Proofs that no attack can work: interval bounds, a network that is trained for them, its exact worst case, and votes.

Pictures are n x 28 x 28 x 1 for the first three, of any size for the votes; epsilon, sigma and radius are in pixel
values. Everything is computed in float64, whose rounding (about one part in 10 to the 15) the proofs leave out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from tricknet.adam import Adam
from tricknet.arrays import Doubles, Floats, Numbers, Picture, Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import Classifier
from tricknet.progress import bar

AT_ONCE = 100  # pictures: more at once would take more memory, and no less time


@dataclass(frozen=True, eq=False)
class Sums:
    """A layer of weighted sums: a convolution (weights: out x in x height x width), or a full layer (out x in)."""

    weights: Doubles
    bias: Doubles

    def __call__(self, x: Doubles) -> Doubles:
        """The sums: n x out, or n x out x height x width."""
        return self._times(self.weights, x) + self.bias.reshape(-1, *[1] * (self.weights.ndim - 2))

    def spread(self, radius: Doubles) -> Doubles:
        """How far each sum can move, if each input can move by a radius: the sizes of the weights add up."""
        return self._times(np.abs(self.weights), radius)

    def _times(self, weights: Doubles, x: Doubles) -> Doubles:
        if weights.ndim == 2:
            return np.asarray(x.reshape(len(x), -1) @ weights.T)
        windows = sliding_window_view(x, weights.shape[2:], axis=(2, 3))
        return np.tensordot(windows, weights, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def relu(x: Doubles) -> Doubles:
    """What is below 0 becomes 0."""
    return np.maximum(x, 0)


def pool(x: Doubles) -> Doubles:
    """The largest of every 2 x 2 values."""
    n, channels, height, width = x.shape
    largest: Doubles = x.reshape(n, channels, height // 2, 2, width // 2, 2).max(axis=(3, 5))
    return largest


Layers = Sequence[Callable[[Doubles], Doubles]]


def layers_of(model: Classifier) -> Layers:
    """FashionNet's layers, from the picture to the scores."""
    sums = {name: Sums(*(array.astype(float) for array in arrays)) for name, arrays in model.parameters.items()}
    return [sums["conv1"], relu, pool, sums["conv2"], relu, pool, sums["hidden"], relu, sums["scores"]]


def channels_first(pictures: Numbers) -> Doubles:
    """Pictures (n x height x width x channels) as the layers take them: n x channels x height x width."""
    return pictures.transpose(0, 3, 1, 2).astype(float)


def bounds(layers: Layers, low: Doubles, high: Doubles) -> tuple[Doubles, Doubles]:
    """The least and the most that every number after these layers can be, if what goes in lies between low and high."""
    for layer in layers:
        if isinstance(layer, Sums):
            middle, radius = layer((low + high) / 2), layer.spread((high - low) / 2)
            low, high = middle - radius, middle + radius
        else:  # ReLU and pooling: where what goes in grows, what comes out never falls
            low, high = layer(low), layer(high)
    return low, high


def box(x: Doubles, epsilon: float) -> tuple[Doubles, Doubles]:
    """The least and the most that each pixel value (0..255) can be if none moves by more than epsilon."""
    return np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 255)


def leads(layers: Layers, pictures: Numbers, answers: Answers, epsilon: float) -> Doubles:
    """By how much the right score leads each class's at least (n x classes), wherever within epsilon the picture is."""
    low, high = bounds(layers[:-1], *box(channels_first(pictures), epsilon))
    scores = scores_of(layers)
    ahead = scores.weights[answers][:, None] - scores.weights  # one score minus another is a weighted sum as well
    middle, radius = (low + high) / 2, (high - low) / 2
    known = np.einsum("nkh,nh->nk", ahead, middle) + scores.bias[answers][:, None] - scores.bias
    least: Doubles = known - np.einsum("nkh,nh->nk", np.abs(ahead), radius)
    return least


def scores_of(layers: Layers) -> Sums:
    """The layer that gives the scores."""
    scores = layers[-1]
    assert isinstance(scores, Sums)
    return scores


def proven(layers: Layers, pictures: Numbers, answers: Answers, epsilon: float) -> npt.NDArray[np.bool_]:
    """For which pictures is it proved that no change up to epsilon makes the answer wrong?"""
    parts = []
    for start in range(0, len(pictures), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        ahead = leads(layers, pictures[part], answers[part], epsilon)
        ahead[np.arange(len(ahead)), answers[part]] = np.inf  # it need not lead itself
        parts.append((ahead > 0).all(axis=1))
    return np.concatenate(parts)


def train_on_bounds(
    pictures: Pictures, answers: Answers, *, epsilon: float, epochs: int = 4, hidden: int = 64, seed: int = 0
) -> Layers:
    """A network with one hidden layer, trained on the worst that `leads` allows (Gowal et al. 2018), not on pictures.

    Epsilon grows from 0 over the first half. Adam's rate falls from 0.002 along a cosine. Ctrl-C ends early, and keeps
    what was learnt.
    """
    random, batch = np.random.default_rng(seed), 200
    classes = int(answers.max()) + 1
    sizes = [(hidden, pictures[0].size), (classes, hidden)]
    first, scores = (Sums((2 / size[1]) ** 0.5 * random.normal(size=size), np.zeros(size[0])) for size in sizes)
    first.weights[:] /= 2 * 255  # pixel values are large
    layers: Layers = [first, relu, scores]
    learnt = [first.weights, first.bias, scores.weights, scores.bias]
    adams = [Adam(forgets=0.001) for _ in learnt]
    steps = epochs * (len(pictures) // batch)
    try:
        for step in bar(range(1, steps + 1), total=steps, desc="steps"):
            if (step - 1) % (len(pictures) // batch) == 0:
                order = random.permutation(len(pictures))
            some, order = order[:batch], order[batch:]
            slopes = slopes_of_leads(first, scores, pictures[some], answers[some], epsilon * min(1, 2 * step / steps))
            rate = 0.001 * (1 + np.cos(np.pi * step / steps))
            for array, adam, slope, scale in zip(learnt, adams, slopes, (1 / 255, 1, 1, 1), strict=True):
                array -= scale * rate * adam(slope)
    except KeyboardInterrupt:
        pass
    return layers


def slopes_of_leads(first: Sums, scores: Sums, pictures: Pictures, answers: Answers, epsilon: float) -> list[Doubles]:
    """How the loss on the worst leads grows with each weight and bias: `leads` gone through backwards."""
    rows, x = np.arange(len(pictures)), pictures.reshape(len(pictures), -1).astype(float)
    below, above = box(x, epsilon)
    low, high = bounds([first], below, above)
    leads_of = leads([first, relu, scores], pictures, answers, epsilon)
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


def margin_attack(layers: Layers, pictures: Pictures, answers: Answers, epsilon: float, *, steps: int = 50) -> Pictures:
    """Pictures moved by at most epsilon, along the gradient of the margin of a network with one hidden layer."""
    first, scores, rows = layers[0], scores_of(layers), np.arange(len(pictures))
    assert isinstance(first, Sums)

    def downhill(x: Floats) -> Floats:
        """The slope of the strongest rival's lead."""
        sums = first(x.astype(float))
        values = scores(relu(sums))
        values[rows, answers] = -np.inf
        ahead = scores.weights[values.argmax(axis=1)] - scores.weights[answers]
        return ((ahead * (sums > 0)) @ first.weights).reshape(x.shape).astype(np.float32)

    return walk(pictures, downhill, epsilon=epsilon, steps=steps)


def right(layers: Layers, pictures: Numbers, answers: Answers) -> npt.NDArray[np.bool_]:
    """Which pictures get their right answer?"""
    correct: npt.NDArray[np.bool_] = predictions(layers, pictures) == answers
    return correct


def predictions(layers: Layers, pictures: Numbers) -> Answers:
    """The first answer about each picture: a class's number."""
    x = channels_first(pictures)
    for layer in layers:
        x = layer(x)
    return x.argmax(axis=1)


def worst(layers: Layers, picture: Picture, answer: int, epsilon: float) -> tuple[float, Doubles]:
    """The smallest lead of the right score over any other within epsilon, exactly, and where: for one hidden layer.

    A program for mixed integers finds it: each hidden unit that may be on or off is a choice (Tjeng et al. 2017).
    Returns the lead and the picture that has it, which may have fractions.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # here: only this needs it

    first, scores = layers[0], scores_of(layers)
    assert isinstance(first, Sums)
    x = picture.ravel().astype(float)
    least_of, most_of = box(x, epsilon)
    ((low,), (high,)) = bounds([first], least_of[None], most_of[None])
    low, high = np.minimum(low, 0), np.maximum(high, 0)  # so that a unit that is always off (or on) has no room
    values, units = len(x), len(low)
    one, none = np.eye(units), np.zeros((units, values))
    # What is looked for: the values, then what each unit gives (at least 0), then whether it is on (0 or 1).
    rules = [
        LinearConstraint(np.hstack([-first.weights, one, np.zeros((units, units))]), lb=first.bias),
        LinearConstraint(np.hstack([-first.weights, one, np.diag(-low)]), ub=first.bias - low),
        LinearConstraint(np.hstack([none, one, np.diag(-high)]), ub=np.zeros(units)),
    ]
    limits = Bounds(
        np.concatenate([least_of, np.zeros(units), (low == 0).astype(float) * (high > 0)]),
        np.concatenate([most_of, high, (high > 0).astype(float)]),
    )
    whole = np.concatenate([np.zeros(values + units), np.ones(units)])
    smallest, at, (least,) = np.inf, x, leads(layers, picture[None], np.array([answer]), epsilon)
    for rival in np.argsort(least):
        if rival == answer or least[rival] >= smallest:
            continue  # the proof says that this one does not come nearer
        ahead = np.concatenate([np.zeros(values), scores.weights[answer] - scores.weights[rival], np.zeros(units)])
        solution: Any = milp(ahead, integrality=whole, bounds=limits, constraints=rules)
        if not solution.success:
            raise ArithmeticError(f"The worst case was not found: {solution.message}")
        lead = float(solution.fun + scores.bias[answer] - scores.bias[rival])
        if lead < smallest:
            smallest, at = lead, solution.x[:values]
    return smallest, at.reshape(picture.shape)


def votes(model: Classifier, picture: Numbers, *, sigma: float, n: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """How often each class is the first answer about a picture under Gaussian noise, drawn n times: (classes,)."""
    random, count = np.random.default_rng(seed), np.zeros(len(model.labels), dtype=np.int64)
    most = AT_ONCE if picture.size < 10_000 else AT_ONCE // 10
    for start in bar(range(0, n, most), desc="votes"):
        noise = random.normal(0, sigma, (min(most, n - start), *picture.shape))
        scores = model.activations((picture + noise).astype(np.float32), model.logits)
        np.add.at(count, scores.argmax(axis=1), 1)
    return count


def at_least(k: int, n: int, *, alpha: float = 0.001) -> float:
    """A bound that the true share is above, wrong with a probability of alpha at most: Clopper and Pearson (1934)."""
    from scipy import stats

    return float(stats.beta.ppf(alpha, k, n - k + 1)) if k else 0.0


def radius(k: int, n: int, sigma: float, *, alpha: float = 0.001) -> float:
    """How far (L2) the picture can move, in any direction, before the vote may change: Cohen et al. (2019).

    k of n votes under noise of size sigma went to the winner. 0 if it may not have the majority. Wrong with a
    probability of alpha at most. The winner must have been named by other votes than these.
    """
    from scipy import stats

    return max(0.0, sigma * float(stats.norm.ppf(at_least(k, n, alpha=alpha))))
