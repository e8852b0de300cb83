"""Proofs: the checks of its exercises."""

import numpy as np

from lessons.proofs import smoothing
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, numbers

SIGMA, RADIUS = 40, 150  # pixel values: the noise of the page, and how far its votes are to prove
TENTH = 1.1  # votes within this factor of what is needed are a right answer
ALLOWED = 0.055  # of the noisy pandas, that a border may lose before the move


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
    near = "" if reached >= RADIUS else f", near enough to {RADIUS}"
    return f"{votes:,} votes for the panda prove a radius of {reached:.1f}{near}"


@exercise(
    "0.5",
    start="`lost = after > 0.001` loses some squares. How much is that before the move, `before[lost].sum()`?",
    recipe="Sort the squares by what each gains for what it costs, `order = np.argsort(-(after / before), axis=None)`, "
    "and lose the first: `lost = np.zeros(before.shape, bool)`, then "
    "`lost.flat[order] = np.cumsum(before.flat[order]) <= 0.055`.",
)
def _(lost: object) -> str:
    before, after = smoothing.crumbs()
    mask = numbers(lost, before.shape, "The array")
    if not np.isin(mask, (0, 1)).all():
        raise Hint("Each square is lost (True) or not (False).")
    cost, lost_after = (mask * before).sum(), (mask * after).sum()
    if not ALLOWED - 0.005 < cost <= ALLOWED:
        raise Hint(f"Before the move you lose {cost:.1%}. Make that as near to {ALLOWED:.1%} as you can, but no more.")
    if lost_after < (best := 1 - float(smoothing.floor(1 - ALLOWED, 72, SIGMA))) - 0.02:
        raise Hint(
            f"After the move you lose {lost_after:.1%}, but {best:.1%} is possible. Which squares are a bargain?"
        )
    return f"you lose {cost:.1%} before the move, {lost_after:.1%} after it, and {best:.1%} is the most there is"
