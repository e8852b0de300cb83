"""The world: the check of its exercise."""

from lessons.world import table
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import number
from tricknet.evidence import rate

__all__ = ["check"]

TEN = 10  # screenshots


@exercise(
    "0.6",
    start="Does `rate(7, 10)` touch `rate(4, 10)`? Its ends are `.low` and `.high`. Give a list of counts.",
    recipe="`mine = rate(4, 10)`, then `[k for k in range(11) if rate(k, 10).low > mine.high or rate(k, 10).high < "
    "mine.low]`.",
)
def _(answer: object) -> str:
    from scipy import stats

    k = sum((row["picture"], row["answer"]) == ("small", "vulture") for row in table("zooms"))
    mine, yours = rate(k, TEN), [rate(count, TEN) for count in range(TEN + 1)]
    apart = {one.k for one in yours if one.low > mine.high or one.high < mine.low}
    given = {number(one, "Each count") for one in (answer if isinstance(answer, (list, tuple, set)) else [answer])}
    if wrong := given - apart:
        raise Hint(f"{min(wrong):g} of ten wouldn't do: compare the ends of its interval with those of {mine}.")
    if missing := apart - given:
        raise Hint(f"What you have is right, but there are {len(missing)} more.")
    p = {one.k: stats.fisher_exact([[one.k, TEN - one.k], [k, TEN - k]]).pvalue for one in yours}
    others = min(p[one] for one in p.keys() - apart)
    return (
        f"only {', '.join(map(str, sorted(apart)))} of ten would do: {rate(max(apart), TEN)}, against my {mine}. "
        f"Fisher's test for two shares agrees: p is {p[max(apart)]:.2g} there, and {others:.2g} or more elsewhere"
    )
