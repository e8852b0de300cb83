"""Proofs: the checks of its exercises."""

import numpy as np

from lessons.proofs import bounds, smoothing, two_layers
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, picture

SIGMA, RADIUS = 40, 150  # pixel values: the noise of the page, and about the length of its trick
TENTH = 1.1  # votes within this factor of what is needed are a right answer
LEFT = 0.75  # of the lead, at most, after an attack


@exercise(
    "0.4",
    start="Try `smoothing.radius(n, n, 40)` for a larger n. How far does the radius grow when n doubles?",
    recipe="`n = 500`, then `while smoothing.radius(n, n, 40) < 150: n = int(1.05 * n)`.",
)
def _(n: object) -> str:
    votes = min(round(number(n)), 10**9)  # beyond, SciPy gives up
    reached = smoothing.radius(votes, votes, SIGMA)
    if smoothing.radius(more := int(votes * TENTH), more, SIGMA) < RADIUS:
        raise Hint(f"That many votes prove {reached:.1f} at most, not yet {RADIUS}.")
    if smoothing.radius(fewer := int(votes / TENTH), fewer, SIGMA) >= RADIUS:
        raise Hint("That is enough, but a tenth fewer would be, too.")
    return f"{votes:,} votes for the panda prove a radius of {reached:.1f}"


@exercise(
    "0.5",
    start="`bounds.proven(usual, pictures[2:3], answers[2:3], 8)` says whether the proof holds at 8. And at 9?",
    recipe="`epsilon = next(e for e in range(256) if not bounds.proven(usual, pictures[2:3], answers[2:3], e))`, then "
    "`attacked = two_layers.margin_attack(usual, pictures[2:3], answers[2:3], epsilon)`.",
)
def _(usual: two_layers.TwoLayers, epsilon: object, attacked: object) -> str:
    pictures, answers = fashion_mnist.test_set(3)
    trousers, answer = pictures[2:3], answers[2:3]
    fails = round(number(epsilon))
    if bounds.proven(usual, trousers, answer, fails):
        raise Hint(f"At {fails} the proof still holds.")
    if not bounds.proven(usual, trousers, answer, fails - 1):
        raise Hint(f"It fails at {fails}, but it already fails at {fails - 1}.")
    after = picture(attacked, "The attacked picture", trousers.shape)
    if (largest := np.abs(after.astype(int) - trousers).max()) > fails:
        raise Hint(f"A value of your attacked picture has moved by {largest}, and {fails} is the limit.")
    before, left = (bounds.leads(usual, x, answer, 0)[0, np.arange(10) != answer].min() for x in (trousers, after))
    if left > LEFT * before:
        raise Hint(f"Your attack leaves a lead of {left:.1f} of {before:.1f}. Which way does the lead fall fastest?")
    return f"the proof ends at {fails}, and there your attack leaves a lead of {left:.1f} of {before:.1f}"
