"""Proofs that no attack can work: interval bounds, a network that is trained for them, its exact worst case, and votes.

Pictures are n x 28 x 28 x 1 for the first three, of any size for the votes; epsilon, sigma and radius are in pixel
values. Everything is computed in float64, whose rounding (about one part in 10 to the 15) the proofs leave out.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tricknet.adam import Adam
from tricknet.arrays import Doubles, Floats, Numbers, Picture, Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import Classifier
from tricknet.progress import bar

AT_ONCE = 10  # noisy pictures: more at once would take more memory, and no less time


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


def worst(network: TwoLayers, picture: Picture, answer: int, epsilon: float) -> tuple[float, Doubles]:
    """The smallest lead of the right score over any other within epsilon, to the solver's tolerance, and where.

    A program for mixed integers finds it: each hidden unit that may be on or off is a choice (Tjeng et al. 2017).
    Returns a lead that no picture there goes below, and the worst picture found, which may have fractions.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # here: only this needs it

    (first, scores), x = network, picture.ravel().astype(float)
    least_of, most_of = box(x, epsilon)
    low, high = first.bounds(least_of, most_of)
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
    smallest, at, (least,) = np.inf, x, leads(network, picture[None], np.array([answer]), epsilon)
    for rival in np.argsort(least):
        if rival == answer or least[rival] >= smallest:
            continue  # the proof says that this one does not come nearer
        ahead = np.concatenate([np.zeros(values), scores.weights[answer] - scores.weights[rival], np.zeros(units)])
        solution: Any = milp(ahead, integrality=whole, bounds=limits, constraints=rules)
        if not solution.success:
            raise ArithmeticError(f"The worst case was not found: {solution.message}")
        # The solver's lower bound: its best picture may not be the very worst one.
        lead = float(solution.mip_dual_bound + scores.bias[answer] - scores.bias[rival])
        if lead < smallest:
            smallest, at = lead, solution.x[:values]
    return smallest, at.reshape(picture.shape)


def votes(model: Classifier, picture: Numbers, *, sigma: float, n: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """How often each class is the first answer about a picture under Gaussian noise, drawn n times: (classes,)."""
    random, count = np.random.default_rng(seed), np.zeros(len(model.labels), dtype=np.int64)
    for start in bar(range(0, n, AT_ONCE), desc="votes"):
        noise = random.normal(0, sigma, (min(AT_ONCE, n - start), *picture.shape))
        scores = model.activations((picture + noise).astype(np.float32), model.logits)
        np.add.at(count, scores.argmax(axis=1), 1)
    return count


def at_least(k: int, n: int, *, alpha: float = 0.001) -> float:
    """A bound that the true share is above, wrong with a probability of alpha at most: Clopper and Pearson (1934)."""
    from scipy import stats

    return float(stats.binomtest(k, n, alternative="greater").proportion_ci(1 - alpha, method="exact").low)


def radius(k: int, n: int, sigma: float, *, alpha: float = 0.001) -> float:
    """How far (L2) the picture can move, in any direction, before the vote may change: Cohen et al. (2019).

    k of n votes under noise of size sigma went to the winner. 0 if it may not have the majority. Wrong with a
    probability of alpha at most. The winner must have been named by other votes than these.
    """
    from scipy import stats

    return max(0.0, sigma * float(stats.norm.ppf(at_least(k, n, alpha=alpha))))
