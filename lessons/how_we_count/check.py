"""How we count: the checks of its exercises."""

from scipy import stats

from lessons.how_we_count.claims import letters, moves, strangers
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number

WITHIN = 0.15  # a hundred thousand tosses come this near to p, as a share of it
CHEATS = {"A": 4, "B": 2, "C": 3}  # the question that breaks each claim


@exercise(
    "0.1",
    start="Which numbers of heads among 11 coins are at least as lopsided as 8? Don't forget the other side.",
    recipe="`heads = np.random.default_rng().binomial(11, 0.5, 100_000)`, then "
    "`np.mean(np.abs(heads - 5.5) >= 2.5)`. For 22 coins, the middle is 11, and 16 is 5 away from it.",
)
def _(p_of_11: object, p_of_22: object) -> str:
    ps = [stats.binomtest(8, 11).pvalue, stats.binomtest(16, 22).pvalue]
    for given, p, coins in zip(
        (p_of_11, p_of_22), ps, ("11 coins are as lopsided as 8", "22 coins are as lopsided as 16"), strict=True
    ):
        if abs(number(given) - p) > WITHIN * p:
            one_sided = " Did you count one side only?" if abs(2 * number(given) - p) < WITHIN * p else ""
            raise Hint(f"That isn't how often {coins} heads or more.{one_sided}")
    return f"coins are as lopsided as 8 of 11 in {ps[0]:.1%} of tries, and as 16 of 22 in {ps[1]:.1%}, not below 5%"


@exercise(
    "0.9",
    start="Give the number of a question, from 1 to 5, for each of the three claims.",
    recipe="For each claim, ask: how were its photographs chosen? How often would coins do it? Does it count what it "
    "says? What is it compared with? One line or column of each table is missing from its claim.",
)
def _(a: object, b: object, c: object) -> str:
    given = [number(answer, f"Question {name}") for name, answer in zip(CHEATS, (a, b, c), strict=True)]
    if not {*given} <= {1, 2, 3, 4, 5}:
        raise Hint("Each answer should be the number of one of the five questions.")
    if given != [*CHEATS.values()]:
        raise Hint("Not all three are right. Read all of each table: what does its claim leave out?")
    _, (ours, rest) = (line.values() for line in letters().values())
    _, (two, six), _ = (line.values() for line in moves().values())
    hits = strangers()["trick"]["the target"]
    p = stats.binomtest(two.k, two.k + six.k).pvalue
    return (
        f"on other photographs, {ours.k} of {ours.n} with a u become vultures, and {rest.k} of {rest.n} without (A); "
        f"coins are as lopsided as {two.k} against {six.k} in {p:.1%} of tries (B); and only {hits.k} of {hits.n} "
        "tricks reach their target, as the rest are merely wrong (C)"
    )
