"""How we count: the check of its exercise."""

from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number

WITHIN = 0.15  # a hundred thousand tosses come this near to p, as a share of it


@exercise(
    "0.1",
    start="Which numbers of heads among 11 coins are at least as lopsided as 8? Don't forget the other side.",
    recipe="`heads = np.random.default_rng().binomial(11, 0.5, 100_000)`, then "
    "`np.mean(np.abs(heads - 5.5) >= 2.5)`. For 22 coins, the middle is 11, and 16 is 5 away from it.",
)
def _(p_of_11: object, p_of_22: object) -> str:
    from scipy import stats

    for given, heads, coins in ((p_of_11, 8, 11), (p_of_22, 16, 22)):
        p = stats.binomtest(heads, coins).pvalue
        if abs(number(given) - p) > WITHIN * p:
            one_sided = " Did you count one side only?" if abs(2 * number(given) - p) < WITHIN * p else ""
            raise Hint(f"That isn't how often {coins} coins are as lopsided as {heads} heads or more.{one_sided}")
    return f"coins are as lopsided as 8 of 11 in 23% of tries, and as 16 of 22 in {p:.1%}: near 1 in 20, yet not below"
