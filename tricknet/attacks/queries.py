"""Tricks without a gradient: an attack that only asks, and sees probabilities.

Anything that answers can be attacked: a network, a network behind a defence, a service on the internet.
"""

from collections.abc import Iterator

import numpy as np

from tricknet.arrays import Floats, Picture
from tricknet.attacks.attack import Ask, Moment, asking, attack
from tricknet.attacks.result import Result, added
from tricknet.attacks.steps import climb
from tricknet.networks.classifier import Classifier

LEAST = np.finfo(np.float32).smallest_subnormal  # in place of a probability of 0, so that it has a logarithm
COVERED = 0.05  # the share of the picture in Square's first squares, which halves at these shares of the queries:
HALVINGS = np.array([10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]) / 10_000


@attack(Result)
def square(
    ask: Ask | Classifier,
    picture: Picture,
    target: frozenset[int],
    *,
    epsilon: float = 8,
    queries: int = 1000,
    less_like: bool = False,
    seed: int = 0,
) -> Iterator[Moment]:
    """Perturb a picture, square by square, until its answer is the target: Square (Andriushchenko et al. 2020).

    First, every column of pixels goes up or down by epsilon. Then each query moves one square, at a random place, to
    a random corner of the box, and keeps it unless the margin got worse: the target's log-probability (of a set, the
    largest one) minus the largest other one. The squares shrink as the queries are spent.

    picture: uint8, height x width x 3. target, epsilon, less_like: as for `trick`, but anything except a Classifier has
    no names for its classes, so its target is one index or several. queries: how many pictures may be shown; it ends at
    the first success. Ctrl-C stops it early, and you get the best so far. Raises ValueError for a picture that is not
    uint8, a class that does not exist, and an epsilon or queries below 1.
    """
    best, value, random, reach = picture, -np.inf, np.random.default_rng(seed), int(min(epsilon, 255))
    height, width, colours = picture.shape

    def answer(tried: Picture) -> Floats:
        return asking(ask)(tried[None])[0]

    def further(_: Picture, __: None, taken: int) -> Picture:
        if taken == 0:
            return added(picture, reach * random.choice([-1, 1], (1, width, colours)))
        share = COVERED / 2.0 ** np.searchsorted(HALVINGS, (taken + 1) / queries, side="right")
        side = max(1, round((share * height * width) ** 0.5))
        top, left = random.integers(height - side + 1), random.integers(width - side + 1)
        window, tried = (slice(top, top + side), slice(left, left + side)), best.copy()
        while (tried == best).all():  # where the square lies already: that would be a wasted question
            tried[window] = added(picture[window], reach * random.choice([-1, 1], (colours,)))
        return tried

    path = climb(picture, lambda tried: (answer(tried), None), further, steps=queries - 1, last=answer)
    for asked, (tried, said) in enumerate(path):
        inside = np.isin(np.arange(len(said)), list(target))
        if not 0 < inside.sum() == len(target) < len(said):
            raise ValueError(f"The target should be some of the classes 0 to {len(said) - 1}; it is {sorted(target)}.")
        logarithms = np.log(np.maximum(said.astype(np.float64), LEAST))
        margin = (-1 if less_like else 1) * float(logarithms[inside].max() - logarithms[~inside].max())
        if asked < 2 or margin >= value:
            best, value, kept = tried, margin, said
        yield best, kept
        if value > 0:
            break
