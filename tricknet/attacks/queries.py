"""Tricks without a gradient: an attack that only asks, and sees probabilities.

Anything that answers can be attacked: a network, a network behind a defence, a service on the internet.
"""

from collections.abc import Callable

import numpy as np

from tricknet.arrays import Floats, Picture, Pictures
from tricknet.attacks.result import Result, at_least_one, whole
from tricknet.networks.classifier import Classifier
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Target
from tricknet.progress import bar

type Ask = Callable[[Pictures], Floats]  # pictures (uint8, n x height x width x 3) to probabilities (n x classes)

LEAST = np.finfo(np.float32).smallest_subnormal  # in place of a probability of 0, so that it has a logarithm
COVERED = 0.05  # the share of the picture in Square's first squares, which halves at these shares of the queries:
HALVINGS = np.array([10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]) / 10_000


def asking(model: Classifier) -> Ask:
    """A network as something to ask: nothing but its probabilities can be seen."""
    return lambda pictures: np.stack([prediction.probabilities for prediction in model.predict(list(pictures))])


def square(
    ask: Ask | Classifier,
    picture: Picture,
    target: Target,
    *,
    epsilon: float = 8,
    queries: int = 1000,
    less_like: bool = False,
    seed: int = 0,
) -> Result:
    """Perturb a picture, square by square, until its answer is the target: Square (Andriushchenko et al. 2020).

    First, every column of pixels goes up or down by epsilon. Then each query moves one square, at a random place, to
    a random corner of the box, and keeps it unless the margin got worse: the target's log-probability (of a set, the
    largest one) minus the largest other one. The squares shrink as the queries are spent.

    picture: uint8, height x width x 3. target, epsilon, less_like: as for `trick`. queries: how many pictures may be
    shown; it ends at the first success. Ctrl-C stops it early, and you get the best so far. Raises ValueError for a
    picture that is not uint8, and for an epsilon or queries below 1.
    """
    at_least_one(epsilon=epsilon, queries=queries)
    best, value, answered = whole(picture), -np.inf, 0
    look, labels = (asking(ask), ask.labels) if isinstance(ask, Classifier) else (ask, Labels())
    mask, sign, random = labels.mask(target), -1 if less_like else 1, np.random.default_rng(seed)
    reach, (height, width, _) = int(min(epsilon, 255)), picture.shape
    with bar(total=queries, desc="queries") as progress:
        try:
            for asked in range(queries):
                tried = best
                if asked == 1:
                    tried = (picture + reach * random.choice([-1, 1], (1, width, 3))).clip(0, 255).astype(np.uint8)
                elif asked:
                    share = COVERED / 2.0 ** np.searchsorted(HALVINGS, asked / queries, side="right")
                    side = max(1, round((share * height * width) ** 0.5))
                    top, left = random.integers(height - side + 1), random.integers(width - side + 1)
                    window = (slice(top, top + side), slice(left, left + side))
                    tried = best.copy()
                    while (tried == best).all():  # where the square lies already: that would be a wasted question
                        tried[window] = (picture[window] + reach * random.choice([-1, 1], 3)).clip(0, 255)
                logarithms = np.log(np.maximum(look(tried[None])[0].astype(np.float64), LEAST))
                inside = mask[: len(logarithms)]
                margin = sign * float(logarithms[inside].max() - logarithms[~inside].max())
                if asked < 2 or margin >= value:
                    best, value = tried, margin
                answered += 1
                progress.update()
                if value > 0:
                    break
        except KeyboardInterrupt:
            if not answered:
                raise
    return Result(picture, best, value > 0, gradients=0, queries=answered)
