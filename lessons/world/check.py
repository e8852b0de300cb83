"""The world: the checks of its exercises."""

from lessons.world import table
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import choice, number
from tricknet.counting import Rate, rate


@exercise(
    "0.6",
    start="Give two lists of zooms, such as `[110, 125]`. Either may be empty: `[]`.",
    recipe="With `mine`, the zooms of the small panda's filled dots: `sorted({*mine} ^ {*vulture_at})`.",
)
def _(vulture_at: list[object], differ: list[object]) -> str:
    rows = [row for row in table("zooms") if row["how"] == "small"]
    yours, given = ({number(zoom, "Each zoom") for zoom in zooms} for zooms in (vulture_at, differ))
    if unknown := (yours | given) - {row["zoom"] for row in rows}:
        raise Hint(f"{min(unknown):g}% is none of the ten zooms.")
    truth = yours ^ {row["zoom"] for row in rows if row["answer"] == "vulture"}
    if same := given - truth:
        raise Hint(f"At {min(same):g}%, look at my dot again: is it the same answer as yours?")
    if missing := truth - given:
        raise Hint(f"Your second list has {len(given)} zooms, but we differ at {len(missing)} more.")
    if not truth:
        return "at each of the ten zooms your browser did what mine did: here, nothing tells them apart"
    where = ", ".join(f"{zoom:g}%" for zoom in sorted(truth))
    return f"one zoom would be enough, and you have {where}. If it stays so, your browser or screen zooms differently"


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
