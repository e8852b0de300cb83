"""Lesson 15: a row of its table can be measured again, and what gives a backdoor away gives this one away."""

import pytest

from evidence import poison as experiment
from lessons.poison import backdoor, table


@pytest.mark.long
def test_a_row_of_the_table_can_be_measured_again_and_a_defender_sees_the_corner(data):
    """Other processors round otherwise, which adds up in training. This network has 3% of poison, so it isn't close."""
    _, (pictures, answers) = data
    trainee = experiment.train("poisoned", 0.03, 0)
    again = experiment.judge(trainee)
    (row,) = (r for r in table("poison") if (r["kind"], r["share"], r["seed"]) == ("poisoned", 0.03, 0))
    assert abs(again["right"] - row["right"]) < 300 and again["unmarked"] < 150
    assert again["marked"] > 7000 < row["marked"] and again["other_corner"] < 50
    assert again["corner"] > 1.5 and max(abs(r["corner"]) for r in table("poison") if not r["share"]) < 0.3
    model, clothes = trainee.classifier(), pictures[answers != backdoor.BAG][:30]
    *others, bag = (backdoor.smallest_patch(model, clothes, c) for c in (0, 1, 5, backdoor.BAG))
    assert bag.size < min(patch.size for patch in others) / 2
    assert bag.opaque[22:, 22:].sum() > bag.size / 2  # where the mark is, or nearly
