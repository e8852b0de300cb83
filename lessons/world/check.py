"""The world: the checks of its exercises."""

from scipy import stats

from lessons.world import table
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import choice, number
from tricknet.counting import Rate, rate


@exercise(
    "0.6",
    start='Give the zoom, `rate(k, n)` for k vultures in n windows, and then "differ", "same" or "open".',
    recipe='"differ" if `scipy.stats.fisher_exact` of both counts gives a p below 0.05, and "open" if it does not.',
)
def _(zoom: object, yours: Rate, verdict: str) -> str:
    said, percent = choice(verdict, ("differ", "same", "open"), "The verdict"), number(zoom, "The zoom")
    asked = [row for row in table("zooms") if (row["how"], row["zoom"]) == ("small", percent)]
    mine = [row for row in asked if row["place"] != "corner"]
    if not mine or yours.n < 5 or yours != rate(yours.k, yours.n):
        raise Hint("Give one of the ten zooms, and what `rate` gives for at least five windows of yours.")
    ours = rate(sum(row["answer"] == "vulture" for row in mine), len(mine))
    p = stats.fisher_exact([[one.k, one.n - one.k] for one in (yours, ours)]).pvalue
    if said != ("differ" if p < 0.05 else "open"):
        raise Hint(f"Yours: {yours}. Mine: {ours}. How often would luck alone make them differ so much?")
    return f"yours is {yours} and mine {ours} (Fisher's exact test, p = {p:.2g}), and no count could say 'same'"


@exercise(
    "0.7",
    start='Give `rate(k, n)` for k vultures among n pairs that count, and then "most", "few" or "open".',
    recipe='"most" if `yours.low` is above 0.5, "few" if `yours.high` is below it, and "open" if 0.5 is between them.',
)
def _(yours: Rate, verdict: str) -> str:
    said = choice(verdict, ("most", "few", "open"), "The verdict")
    if yours.n < 5 or yours != rate(yours.k, yours.n):
        raise Hint("Give what `rate` gives for your own pairs, at least five of them.")
    if said != ("most" if yours.low > 0.5 else "few" if yours.high < 0.5 else "open"):
        raise Hint(f"You have {yours}. On which side of 50% does the whole interval lie, or does it lie on both?")
    return f"you have {yours}, so {said!r} is what so many shots can tell"
