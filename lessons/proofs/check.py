"""Proofs: the checks of its exercises."""

from itertools import product

import numpy as np

from lessons.proofs import proofs
from lessons.proofs.proofs import relu
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, number, numbers

SIGMA, RADIUS = 40, 150  # pixel values: the noise of the page, and about the length of its trick
TENTH = 1.1  # more votes than needed, by this factor, are still a right answer


@exercise(
    "0.4",
    start="Try `proofs.radius(n, n, 40)` for a larger n. How far does the radius grow when n doubles?",
    recipe="`n = 500`, then `while proofs.radius(n, n, 40) < 150: n = int(1.05 * n)`.",
)
def _(n: object) -> str:
    votes = round(number(n))
    reached = proofs.radius(votes, votes, SIGMA)
    if reached < RADIUS:
        raise Hint(f"That many votes prove {reached:.0f} at most, not yet {RADIUS}.")
    if proofs.radius(fewer := int(votes / TENTH), fewer, SIGMA) >= RADIUS:
        raise Hint("That is enough, but a tenth fewer would be, too.")
    return f"{votes:,} votes for the panda prove a radius of {reached:.0f}"


@exercise(
    "0.5",
    start="Where a weight is above 0, a larger input makes the sum larger. And below 0?",
    recipe="`most = weights @ np.where(weights > 0, high, low) + bias`. For the least, change low and high over. "
    "Then return both, with `max(…, 0)`.",
)
def _(bounds: object) -> str:
    if not callable(bounds):
        raise Hint(f"The answer should be the function `bounds` itself; it is {kind(bounds)}.")
    random = np.random.default_rng(0)
    for bias in (0, 3, -9):
        weights, low = random.normal(size=5), random.uniform(-2, 2, 5)
        high = low + random.uniform(0, 1, 5)
        least, most = numbers(bounds(weights, bias, low, high), (2,))
        tried = relu(random.uniform(low, high, (1000, 5)) @ weights + bias)
        corners = relu(np.array(list(product(*zip(low, high, strict=True)))) @ weights + bias)
        yours = f"yours are {least:.2f} to {most:.2f}"
        if tried.min() < least - 1e-9 or tried.max() > most + 1e-9:
            raise Hint(f"Too narrow: random inputs give {tried.min():.2f} to {tried.max():.2f}, and {yours}.")
        if not np.allclose([least, most], [corners.min(), corners.max()]):
            raise Hint(f"Not exact: the box's corners give {corners.min():.2f} to {corners.max():.2f}, and {yours}.")
    return "3000 random inputs stay within your bounds, and corners of the box reach them"
