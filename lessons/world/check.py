"""The world: the check of its exercise."""

from lessons.world import table
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number
from tricknet.counting import Rate, mcnemar, rate

TEN = 10  # screenshots


def browser(picture: str) -> Rate:
    """In how many of the ten screenshots the picture is a vulture."""
    return rate(sum((row["picture"], row["answer"]) == (picture, "vulture") for row in table("zooms")), TEN)


def apart(one: Rate, other: Rate) -> bool:
    """Do their intervals not touch?"""
    return one.low > other.high or one.high < other.low


@exercise(
    "0.6",
    start="Does `rate(7, 10)` touch `rate(4, 10)`? Its ends are `.low` and `.high`. Give a list of counts.",
    recipe="`mine = rate(4, 10)`, then `[k for k in range(11) if rate(k, 10).low > mine.high or rate(k, 10).high < "
    "mine.low]`.",
)
def _(answer: object) -> str:
    mine = browser("small")
    good = {k for k in range(TEN + 1) if apart(rate(k, TEN), mine)}
    given = {number(one, "Each count") for one in (answer if isinstance(answer, (list, tuple, set)) else [answer])}
    if wrong := given - good:
        raise Hint(f"{min(wrong):g} of ten wouldn't do: compare the ends of its interval with those of {mine}.")
    if missing := len(good - given):
        raise Hint(f"Counts that are missing from your list: {missing}.")
    # At best, the zooms where the smaller count sees a vulture are among those of the larger one.
    p = {k: mcnemar([i < k for i in range(TEN)], [i < mine.k for i in range(TEN)]) for k in range(TEN + 1)}
    others = min(p[k] for k in p.keys() - good)
    return (
        f"only {', '.join(map(str, sorted(good)))} of ten would do: {rate(max(good), TEN)}, against my {mine}. "
        f"McNemar's paired test agrees: at best, p is {p[max(good)]:.2g} there, and {others:.2g} or more elsewhere"
    )


@exercise("0.7", start="Count the pairs that count, n, and the vultures among them, k. Give `rate(k, n)`.")
def _(yours: Rate) -> str:
    mine = browser("sturdy")
    verdict = "don't touch: they differ" if apart(yours, mine) else "touch: so few shots can't tell them apart"
    return f"your camera has {yours}, and my browser {mine}. The two intervals {verdict}"
