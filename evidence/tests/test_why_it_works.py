"""Lesson 5: its table holds every photograph, and what the network says."""

import pytest

from evidence import why_it_works as experiment
from lessons.why_it_works import table
from tricknet import images


def test_what_is_enough_is_read_off_between_the_sizes():
    shaken = {0: 10.0, 1: 11, 2: 9, 4: 1}.get
    assert experiment.enough(shaken, 10) == 0  # nothing to lose
    assert experiment.enough(shaken, 10.5) == 0
    assert experiment.enough(shaken, 9.5) == pytest.approx(1.75)
    assert experiment.enough(lambda size: 10.0, 0) == 255  # not even the largest


@pytest.mark.long
def test_the_table_holds_every_photograph_and_what_the_network_says(googlenet):
    rows = table("steps")
    names = [(which, name) for which, names in experiment.SETS.items() for name in names]
    assert [(row["set"], row["picture"]) for row in rows] == names
    (stored,) = [row for row in rows if row["picture"] == "mosque"]
    measured = experiment.row(googlenet, images.load("mosque"))
    close = {"noise": pytest.approx(stored["noise"], rel=0.05)}
    for name in ("lead", "promised", "measured", "relus_frozen", "pools_frozen", "both_frozen", "scores_straight"):
        close[name] = pytest.approx(stored[name], abs=0.02)
    assert measured == {name: stored[name] for name in measured} | close
