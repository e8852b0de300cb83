"""One claim of your own: a seal for the plan, and a check of the form. Whether the claim holds is not its business."""

import hashlib
import re

import numpy as np

from tricknet.arrays import Doubles
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, numbers, plural, several
from tricknet.counting import mcnemar, rate

WORDS = ("claim", "cases", "hit", "experiment", "control")  # of a plan; besides, it has two numbers: n and lead
EMPTY = {"all", "any", "at", "attack", "control", "no", "none", "not", "nothing"}  # words that alone say nothing
FEWEST = 6  # differing cases, all one way, that fair coins show in fewer than one of twenty tries, heads or tails


def seal(plan: dict[str, object]) -> str:
    """Six letters and digits that change with anything in the plan. Somebody else keeps them while you run it."""
    lines = sorted(repr((line, sorted(it, key=repr) if isinstance(it, set) else it)) for line, it in dict(plan).items())
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:6]


def _words(said: object) -> list[str]:
    return [word for word in re.findall(r"\w+", str(said).lower()) if word not in EMPTY]


def _planned(plan: dict[str, object]) -> tuple[int, float]:
    """The plan's n and lead. Raises Hint for a plan that isn't complete, or that no result could refute or support."""
    if lacks := {*WORDS, "n", "lead"} - plan.keys():
        raise Hint(f"The plan lacks {plural(sorted(lacks))}.")
    for line in (line for line in WORDS if len("".join(_words(plan[line]))) < 4):
        raise Hint(f'"{line}" should be something that another team could work from.')
    if _words(plan["control"]) == _words(plan["experiment"]):
        raise Hint("The control is the experiment. What would you change, and nothing else, if your claim were wrong?")
    n, lead = number(plan["n"], "n"), number(plan["lead"], "lead, which says what would refute the claim,")
    if n != int(n) or n < FEWEST:
        raise Hint(f"n should be a whole number of cases, and at least {FEWEST}.")
    if not FEWEST <= lead <= n:
        raise Hint(f"Coins lead by a few, and nothing leads by more than n: ask for a lead from {FEWEST} to {n:.0f}.")
    return int(n), lead


def _counted(hits: object, n: int, what: str) -> Doubles:
    """Each case's 1 or 0. Raises Hint unless there are as many as planned."""
    cases = numbers(several(hits, n, f"results of the {what}, as planned"), (n,), f"What the {what} gave")
    if not np.isin(cases, (0, 1)).all():
        raise Hint(f"Give what the {what} found in each case: True for a hit, or else False.")
    return cases


@exercise("0.15", start="First fill in all lines of the plan and let another team keep its seal. Only then run it.")
def _(plan: dict[str, object], code: str, hits: object, control: object, attack: object) -> str:
    n, lead = _planned(plan)
    if seal(plan) != code.strip("'\" \n").lower():
        raise Hint(f'This isn\'t the plan that was sealed as "{code}". What has changed since?')
    ours, theirs = _counted(hits, n, "experiment"), _counted(control, n, "control")
    if len("".join(_words(attack))) < 4:
        raise Hint("What did another team try against your claim, and what came of it?")
    k, among, p = int(ours.sum()), int(theirs.sum()), mcnemar(ours == 1, theirs == 1)
    luck = "the lead is reached, but p isn't below 0.05, so fair coins might have done it: the claim is open"
    end = "by your own number, the claim is refuted" if k - among < lead else "the claim stands" if p < 0.05 else luck
    return (
        f"the form is in order: a sealed plan, and {n} cases that were counted with the control, too. What came out is "
        f"{rate(k, n)} against {among} with the control, p = {p:.2g}. You asked for a lead of {lead:g}, and it is "
        f"{k - among}: {end}"
    )
