"""Lesson 10: its rows can be measured again."""

import pytest

from evidence import other_networks as experiment
from lessons.other_networks import table


@pytest.mark.long
def test_the_transfer_is_judged_on_photographs_that_all_three_networks_name(networks):
    three = {name: networks[name] for name in experiment.NAMES}
    photographs = [one.name for one in experiment.pick_cases(three)]
    for setting in experiment.SETTINGS:
        assert [row["picture"] for row in table("transfer") if setting.items() <= row.items()] == photographs
    assert list(dict.fromkeys(row["picture"] for row in table("angles"))) == photographs


@pytest.mark.long
def test_a_cell_of_the_transfer_can_be_measured_again(networks):
    """Made on SqueezeNet, shown to EfficientNet-Lite0. Other processors may round otherwise: one picture may differ."""
    pair = {name: networks[name] for name in experiment.PAIR.split(" + ")}
    setting = {"goal": "away", "makers": "SqueezeNet"}
    stored = {row["picture"]: row for row in table("transfer") if setting.items() <= row.items()}
    photographs = [one for one in experiment.pick_cases(pair) if one.name in stored][:4]
    again = experiment.transfer(pair, photographs, setting)
    assert sum(row[f"{name}, trick"] != stored[row["picture"]][f"{name}, trick"] for row in again for name in pair) <= 1
