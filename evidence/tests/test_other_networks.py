"""Lesson 10: its rows can be measured again, and its walk asks as often as it says."""

from types import SimpleNamespace

import numpy as np
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


def test_the_walk_of_the_page_asks_as_often_as_it_says_and_almost_finds_the_nearest_picture():
    """Of all pictures with a mean of 160 or more, the nearest to a grey of 100 is 60 brighter everywhere."""

    class Bright:
        asked = 0

        def predict(self, picture):
            assert picture.dtype == np.uint8
            self.asked += 1
            return SimpleNamespace(best=SimpleNamespace(name="bright" if picture.mean() >= 160 else "dark"))

    bright, grey = Bright(), np.full((224, 224, 3), 100, dtype=np.uint8)
    frames, captions = experiment.walk_of_the_page(bright, grey)(np.full_like(grey, 255), questions=300)
    assert bright.asked == 301 and len(frames) == len(captions) == 301  # the start is asked about, too
    distances = [np.sqrt(np.mean((frame - 100.0) ** 2)) for frame in frames]
    assert (np.diff(distances) <= 0).all() and 60 <= distances[-1] < 75
    assert all(frame.mean() >= 160 for frame in frames)
