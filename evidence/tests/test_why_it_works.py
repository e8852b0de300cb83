"""Lesson 5: rows of its tables can be measured again."""

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
def test_rows_can_be_measured_again(googlenet):
    mosque = images.load("mosque")
    for name, measure in {"steps": experiment.measure_steps, "flips": experiment.measure_flips}.items():
        stored = [row for row in table(name) if row["picture"] == "mosque"]
        for row, again in zip(stored, measure(googlenet, mosque), strict=True):
            words = {column: value for column, value in again.items() if isinstance(value, str)}
            assert again == {column: row[column] for column in again} | {
                column: pytest.approx(row[column], rel=0.05, abs=0.02) for column in again if column not in words
            }
