"""Lesson 8: its rows can be measured again."""

import pytest

from evidence import does_it_survive as experiment
from lessons.does_it_survive import table


@pytest.mark.long
def test_what_survives_can_be_measured_again(googlenet):
    """Of two photographs, all cells but one are the tables'. Of two tricks of each kind, the better one differs in at
    most 7 of its 34 cells (2 of 7 in `survival`).

    Where rounding differs, or the random transforms that a batch of two draws, a walk along signs ends elsewhere. Right
    tricks differed in 0 to 6 cells, plain ones in place of sturdy ones (or the reverse) in 14 to 21, and sturdy
    ones with half of epsilon in 10 and 24. As a single right trick may differ in 23, one of two is enough.
    """
    some = experiment.draw_any_cases(googlenet)[:2]
    for how in experiment.KINDS["unseen"]:
        pictures = experiment.make_pictures(googlenet, some, seed=0, **how)
        for name in ("unseen", "survival") if how["how"] == "sturdy" else ("unseen",):
            rows = [row for row in table(name) if how.items() <= row.items()]
            differences = []
            for row, case, picture in zip(rows, some, pictures, strict=False):
                assert [*row.values()][:2] == [case.name, googlenet.labels[case.target]]
                cells = experiment.judge(name, googlenet, case, picture)
                differences.append(sum(cells[column] != row[column] for column in cells))
            most = 7 if name == "unseen" else 2
            assert max(differences) <= 1 if how["how"] == "photograph" else min(differences) <= most
