"""How we count: its bars are p, and its exercises tell right from wrong."""

import numpy as np
import pytest
from scipy import stats

from lessons.how_we_count import figures as counting
from lessons.how_we_count.check import check
from tests.facts import numbers


def test_the_exercise_wants_both_sides_and_rounds_p_to_neither_side_of_one_in_twenty(refused):
    refused("0.1", (0.113, 0.0262), (22.7, 5.25))
    said = check("0.1", 0.227, 0.0525)
    assert said and round(100 * stats.binomtest(16, 22).pvalue, 1) in numbers(said.text)


def test_the_check_does_not_say_which_claim_is_answered_wrongly():
    assert check("0.9", 4, 2, 3) and check("0.9", 2, 2, 3)
    assert check("0.9", 4, 2, 5).text == check("0.9", 4, 1, 3).text.splitlines()[0]


def test_the_orange_bars_are_p():
    a, b = np.array([1] * 9 + [0] * 2 + [1] * 5, bool), np.array([0] * 9 + [1] * 2 + [1] * 5, bool)
    plot = counting.paired(a, b, ("a", "b"))
    _, right = plot.figure.axes
    orange = sum(bar.get_height() for bar in right.patches if bar.get_facecolor()[2] < 0.2)
    assert orange == pytest.approx(stats.binomtest(9, 11).pvalue)
    assert {11, 9, 0.065} <= {*numbers(plot.alt)}
