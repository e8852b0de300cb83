"""How we count: its exercises tell right from wrong."""

from scipy import stats

from lessons.how_we_count.check import check
from tests.facts import numbers


def test_the_exercise_wants_both_sides_and_rounds_p_to_neither_side_of_one_in_twenty(refused):
    refused("0.1", (0.113, 0.0262), (22.7, 5.25))
    said = check("0.1", 0.227, 0.0525)
    assert said and round(100 * stats.binomtest(16, 22).pvalue, 1) in numbers(said.text)


def test_the_check_does_not_say_which_claim_is_answered_wrongly():
    assert check("0.9", 4, 2, 3) and check("0.9", 2, 2, 3)
    assert check("0.9", 4, 2, 5).text == check("0.9", 4, 1, 3).text.splitlines()[0]
