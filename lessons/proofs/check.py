"""Proofs: the checks of its exercises."""

import numpy as np

from lessons.proofs import proofs
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, number

SIGMA, RADIUS = 40, 150  # pixel values: the noise of the page, and about the length of its trick
TENTH = 1.1  # more votes than needed, by this factor, are still a right answer


@exercise(
    "0.4",
    start="Try `proofs.radius(n, n, 40)` for a larger n. How far does the radius grow when n doubles?",
    recipe="`n = 500`, then `while proofs.radius(n, n, 40) < 150: n = int(1.05 * n)`.",
)
def _(n: object) -> str:
    votes = number(n)
    if not 1 <= votes < 1e9:
        raise Hint("Give a number of votes, at least 1.")
    votes = round(votes)
    reached = proofs.radius(votes, votes, SIGMA)
    if reached < RADIUS:
        raise Hint(f"That many votes prove {reached:.0f} at most, not yet {RADIUS}.")
    if proofs.radius(fewer := int(votes / TENTH), fewer, SIGMA) >= RADIUS:
        raise Hint("That is enough, but a tenth fewer would be, too.")
    return f"{votes:,} votes for the panda prove a radius of {reached:.0f}"


@exercise(
    "0.5",
    start="What did the page's network pay for an epsilon of 25.5?",
    recipe="`proofs.train_on_bounds(*fashion_mnist.train_set(), epsilon=8)`",
)
def _(network: object) -> str:
    if not isinstance(network, proofs.Network):
        raise Hint(f"Give the network that `proofs.train_on_bounds` returns; this is {kind(network)}.")
    least, test = {0: 800, 4: 750}, fashion_mnist.test_set(1000)
    counts = {epsilon: int(proofs.proven(network, *test, epsilon).sum()) for epsilon in (0, 4, 16)}
    for epsilon, enough in least.items():
        if counts[epsilon] < enough:
            what = "right" if epsilon == 0 else f"proved at epsilon {epsilon}"
            raise Hint(f"{counts[epsilon]} of 1000 are {what}, and it should be at least {enough}.")
    return f"{counts[0]} of 1000 are right, {counts[4]} are proved at epsilon 4, and {counts[16]} at 16"
