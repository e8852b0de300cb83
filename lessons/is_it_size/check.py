"""Is it size? The check of its exercise."""

from lessons.is_it_size import linear
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number

TIMES, RIGHT = 3, 0.8


@exercise(
    "0.8",
    start="`clothes_at(28, 1)` gets enough garments right. What does a smaller `C` do to its epsilon?",
    recipe="With a `side` of 28, try 0.01 for the dear weights and 1 for the cheap ones.",
)
def _(side: int, dear: object, cheap: object) -> str:
    if number(side, "The side") not in linear.SIDES["clothes"]:
        raise Hint(f"The side can be one of {linear.SIDES['clothes']}; yours is {side}.")
    prices = [number(C, f"C for the {name} weights") for C, name in ((dear, "dear"), (cheap, "cheap"))]
    if not 0 < prices[0] < prices[1]:
        raise Hint("Weights are cheap where C is large, and C is above 0: give the smaller C first.")
    first, second = trials = [linear.clothes_at(int(side), price) for price in prices]
    for price, trial in zip(prices, trials, strict=True):
        if trial.right < RIGHT:
            raise Hint(f"With C = {price:g}, only {trial.right:.1%} of the held-out garments are right.")
    words = f"epsilon is {first.epsilon:.1f} with the dear weights and {second.epsilon:.1f} with the cheap ones"
    if first.epsilon < TIMES * second.epsilon:
        raise Hint(f"{words}: that isn't {TIMES} times as large.".capitalize())
    return f"{words}; of the garments in training, {first.trained:.1%} and {second.trained:.1%} are right"
