"""Lesson 5: a row of its table can be measured again."""

import pytest

from evidence import why_it_works as experiment
from lessons.why_it_works import table
from tricknet import images


def test_what_is_enough_is_read_off_between_the_sizes():
    shaken = {0: 10.0, 1: 11, 2: 9, 4: 1}.get
    found = [experiment.find_enough(shaken, at_least) for at_least in (10, 10.5, 9.5)]
    assert found == pytest.approx([0, 0, 1.75])  # of the first two, there is nothing to lose
    assert experiment.find_enough(lambda size: 10.0, 0) == 255  # not even the largest


@pytest.mark.long
def test_a_row_can_be_measured_again(googlenet):
    (stored,) = [row for row in table("steps") if row["picture"] == "mosque"]
    measured = experiment.measure(googlenet, images.load("mosque"))
    close = {"noise": pytest.approx(stored["noise"], rel=0.05)}
    for name in ("lead", "promised", "measured", "relus_frozen", "pools_frozen", "both_frozen", "scores_straight"):
        close[name] = pytest.approx(stored[name], abs=0.02)
    assert measured == {name: stored[name] for name in measured} | close
