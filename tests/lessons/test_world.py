"""The world: its checks tell what ten zooms and ten shots can show from what they can't."""

from lessons.world.check import check
from tricknet.counting import Rate, rate


def test_a_few_windows_can_show_a_difference_but_not_that_there_is_none(refused):
    """The small vulture was in at most half of my windows at each zoom, so ten of ten differ."""
    assert check("0.6", 200, rate(10, 10), "differ") and check("0.6", 200, rate(0, 10), "open")
    refused("0.6", (200, rate(0, 10), "same"), (100, rate(0, 10), "open"))
    assert not check("0.6", 200, rate(10, 10), "open") and not check("0.6", 200, rate(0, 10), "differ")


def test_ten_shots_are_held_against_a_half(refused):
    """By Wilson's formula, the interval of 9 of 10 begins at 60%, that of 8 of 10 at 49%, and that of 1 ends at 40%."""
    assert check("0.7", rate(9, 10), "most") and check("0.7", rate(8, 10), "open") and check("0.7", rate(1, 10), "few")
    refused("0.7", (rate(8, 10), "most"), (rate(4, 4), "most"), (rate(2, 10), "yes"), (0.7, "open"))
    assert not check("0.7", Rate(9, 10, 0.4, 0.9), "open")
