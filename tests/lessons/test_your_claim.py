"""One claim of your own: the form is checked, and not the claim."""

import pytest

from lessons.your_claim.check import check, seal

PLAN = {
    "claim": "Fog hurts more than snow.",
    "cases": "the first ten photographs",
    "hit": "another first answer",
    "experiment": "a photograph in fog",
    "control": "a photograph in snow",
    "n": 10,
    "lead": 6,
}
EIGHT, ONE = [True] * 8 + [False] * 2, [0] * 9 + [1]
ENDS = {"stands.": ONE, "refuted.": EIGHT[::-1], "open.": [0] * 8 + [1] * 2}
ATTACK = "Thicker snow hits nine."


@pytest.mark.parametrize(("end", "control"), ENDS.items())
def test_a_form_in_order_is_right_whatever_came_out(control, end):
    said = check("0.15", PLAN, seal(PLAN), EIGHT, control, ATTACK)
    assert said and said.text.endswith(end)


def test_a_form_that_is_not_in_order_is_refused(refused):
    same, early = PLAN | {"control": "A photograph, in fog!"}, seal(PLAN)
    later, uncontrolled = PLAN | {"n": 8}, {line: PLAN[line] for line in PLAN if line != "control"}
    numbers = [{"lead": lead} for lead in (2, "a few")] + [{"n": 4, "lead": 4}, {"control": "none at all"}]
    plans = [same, uncontrolled, *(PLAN | changed for changed in numbers)]
    results = [(EIGHT, ONE[1:]), (EIGHT * 2, ONE), ([8] * 10, ONE), (EIGHT, [0.1] * 10)]
    refused(
        "0.15",
        *((plan, seal(plan), EIGHT, ONE, ATTACK) for plan in plans),
        (later, early, EIGHT[:8], ONE[:8], ATTACK),
        *((PLAN, early, *both, ATTACK) for both in results),
        (PLAN, early, EIGHT, ONE, "none"),
    )
    assert check("0.15", dict.fromkeys(PLAN, ...), early, EIGHT, ONE, ATTACK).state == "missing"
