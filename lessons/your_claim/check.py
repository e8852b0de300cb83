"""One claim of your own: a seal for the plan, and a check of the form. Whether the claim holds is not its business."""

import hashlib
import re

import numpy as np

from tricknet.arrays import Doubles
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, numbers, plural, several
from tricknet.counting import mcnemar, rate

WORDS = ("claim", "cases", "hit", "experiment", "control")  # of a plan; besides, it has two numbers: n and lead
FEWEST = 6  # the shortest run of heads that fair coins show in fewer than one of twenty tries, heads or tails


def seal(plan: dict[str, object]) -> str:
    """Six letters and digits that change with anything in the plan. Somebody else keeps them while you run it."""
    return hashlib.sha256(repr(sorted(map(repr, plan.items()))).encode()).hexdigest()[:6]


def _planned(plan: dict[str, object]) -> tuple[int, float]:
    """The plan's n and lead. Raises Hint for a plan that isn't complete, or that no result could refute or support."""
    if lacks := {*WORDS, "n", "lead"} - plan.keys():
        raise Hint(f"The plan lacks {plural(sorted(lacks))}.")
    said = {line: re.findall(r"\w+", str(plan[line]).lower()) for line in WORDS}
    for line in (line for line in WORDS if len(said[line]) < 3):
        raise Hint(f'"{line}" should be a few words that another team could work from.')
    if said["control"] == said["experiment"]:
        raise Hint("The control is the experiment. What would you change, and nothing else, if your claim were wrong?")
    n, lead = number(plan["n"], "n"), number(plan["lead"], "lead, which says what would refute the claim,")
    if n != int(n) or n < FEWEST:
        raise Hint(f"n should be a whole number of cases, and at least {FEWEST}.")
    if lead > n:
        raise Hint(f"Nothing could save this claim: in {n:.0f} cases, no lead is as large as {lead:g}.")
    if lead < FEWEST:
        small = "coins lead by so much now and then" if lead > 0 else "even a control that does as well is fine with it"
        raise Hint(f"Too little could refute this claim: {small}. Ask for a lead of {FEWEST} or more.")
    return int(n), lead


def _counted(hits: object, n: int, what: str) -> Doubles:
    """Each case's 1 or 0. Raises Hint unless there are as many as planned."""
    cases = numbers(several(hits, n, f"results of the {what}, as planned"), (n,), f"What the {what} gave")
    if not np.isin(cases, (0, 1)).all():
        raise Hint(f"Give what the {what} found in each case: True for a hit, or else False.")
    return cases


@exercise("0.15", start="First fill in all lines of the plan and let another team keep its seal. Only then run it.")
def _(plan: dict[str, object], code: str, hits: object, control: object, attack: str) -> str:
    n, lead = _planned(plan)
    if seal(plan) != code.strip():
        raise Hint(f'This isn\'t the plan that was sealed as "{code}". What has changed since?')
    if hits is control:
        raise Hint("These are the experiment's results twice. Run the control, too.")
    ours, theirs = _counted(hits, n, "experiment"), _counted(control, n, "control")
    if len(attack.split()) < 3:
        raise Hint("What did another team try against your claim, and what came of it?")
    k, among = int(ours.sum()), int(theirs.sum())
    end = "stands" if k - among >= lead else "is refuted"
    tested = f"{rate(k, n)} against {among} with the control, p = {mcnemar(ours == 1, theirs == 1):.2g}"
    return (
        f"the form is in order: a sealed plan, and {n} cases that were counted with the control, too. What came out is "
        f"{tested}. You asked for a lead of {lead:g}, and it is {k - among}: by your own number, the claim {end}"
    )
