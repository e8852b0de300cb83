"""How we count: the checks of its exercises."""

from scipy import stats

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
    ps = {coins: stats.binomtest(heads, coins).pvalue for coins, heads in ((11, 8), (22, 16))}
    for given, (coins, p) in zip((p_of_11, p_of_22), ps.items(), strict=True):
        if number(given) > 1:
            raise Hint("Give shares, from 0 to 1, and not per cent.")
        if abs(number(given) - p) > WITHIN * p:
            one_sided = " Did you count one side only?" if abs(2 * number(given) - p) < WITHIN * p else ""
            raise Hint(f"That isn't how often {coins} coins are as lopsided as hers, or more so.{one_sided}")
    return f"coins are as lopsided as 8 of 11 in {ps[11]:.1%} of tries, and as 16 of 22 in {ps[22]:.1%}, not below 5%"


@exercise(
    "0.9",
    start="Give the number of a question, from 1 to 5, for each of the three claims.",
    recipe="Try A on the other photographs, toss coins where B's tricks differ, and see what C calls a hit.",
)
def _(a: object, b: object, c: object) -> str:
    if [number(answer, "Each answer") for answer in (a, b, c)] not in ([4, 2, 3], [2, 2, 3]):
        raise Hint("Not all three are right. What is written below each claim that it leaves out?")
    why = "A is judged where its letter was chosen (I meant 4, but the best of 26 letters is luck, so 2 is right, too)"
    return f"{why}; coins could do B; and C counts any wrong name as a hit"
