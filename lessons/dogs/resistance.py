"""Lesson 6's ideas: how far five targets get on a photograph, and how well a guess explains that."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from lessons.dogs import table
from tricknet import Classifier, images, trick
from tricknet.arrays import Picture

TARGETS = ("tennis ball", "vulture", "teapot", "shower cap", "paper towel")  # chosen before looking; none is a dog
BREEDS = frozenset(range(151, 269))  # the classes of dogs, from Chihuahua to Mexican hairless
CANINES = frozenset(range(151, 281)) - {276}  # dogs, wolves, wild dogs and foxes; 276 is the hyena
FAMILIES = {  # all classes of each
    "dogs and other canines": CANINES,
    "birds": frozenset({*range(7, 25), *range(80, 101), *range(127, 147)}),
    "apes, monkeys and lemurs": frozenset(range(365, 385)),
    "cats, large and small": frozenset(range(281, 294)),
}
# Two more dogs are on the shelf, in neither set.
PHOTOGRAPHS = {"evidence": images.EVIDENCE, "held out": images.HELD_OUT, "shelf": ("german_shepherd", "pembroke")}


def reach(model: Classifier, picture: Picture) -> dict[str, float]:
    """How probable each target becomes in ten steps with an epsilon of 1. picture: uint8, 224 x 224 x 3."""
    return {target: trick(model, picture, target, epsilon=1, steps=10).prediction_after[target] for target in TARGETS}


def mean_reach(*sets: str, way: str = "as it is") -> dict[str, float]:
    """How probable the five targets became on average, 0..1, for each photograph of these sets, the hardest first.

    way: of evidence/dogs.md, how the photographs were changed before.
    """
    rows = [row for row in table("same_targets") if row["way"] == way and row["set"] in sets]
    reached = {row["picture"]: [other["p"] for other in rows if other["picture"] == row["picture"]] for row in rows}
    return dict(sorted(((name, float(np.mean(ps))) for name, ps in reached.items()), key=lambda of_one: of_one[1]))


def explained(explanation: Callable[[Picture], float], which: str) -> tuple[float, float, float]:
    """The `correlation` of a number for each picture (uint8, 224 x 224 x 3) with how far the attacks got on a set."""
    shares = mean_reach(which)
    return correlation([float(explanation(images.load(name))) for name in shares], list(shares.values()))


def correlation(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """Spearman's rank correlation of two numbers for the same cases, and its 95% interval (Bonett and Wright 2000).

    Where one of the two never varies, these are not numbers (NaN).
    """
    value = float(stats.spearmanr(first, second).statistic)
    wide = stats.norm.ppf(0.975) * np.sqrt((1 + value**2 / 2) / (len(first) - 3))
    low, high = np.tanh(np.arctanh(np.clip(value, -1 + 1e-9, 1 - 1e-9)) + np.array([-wide, wide]))
    return value, float(low), float(high)
