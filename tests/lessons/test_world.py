"""The world: its checks tell what ten zooms and ten shots can show from what they can't."""

from lessons.world.check import check
from tricknet.counting import Rate, rate


def test_zooms_are_compared_one_by_one(refused):
    mine = [110, 125, 150, 175]
    assert check("0.6", mine, []) and check("0.6", [110, 90], [90, 125, 150, 175]) and check("0.6", [], mine)
    refused("0.6", (mine, [200]), (mine, [100]), ([], []), (["110"], []))


def test_ten_shots_are_held_against_a_half(refused):
    """By Wilson's formula, the interval of 9 of 10 begins at 60%, that of 8 of 10 at 49%, and that of 1 ends at 40%."""
    assert check("0.7", rate(9, 10), "most") and check("0.7", rate(8, 10), "open") and check("0.7", rate(1, 10), "few")
    refused("0.7", (rate(8, 10), "most"), (rate(4, 4), "most"), (rate(2, 10), "yes"), (0.7, "open"))
    assert not check("0.7", Rate(9, 10, 0.4, 0.9), "open")
