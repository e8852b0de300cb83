"""Lesson 5: rows of its tables can be measured again."""

import pytest

from evidence import why_it_works as experiment
from lessons.why_it_works import table
from tricknet import images


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
