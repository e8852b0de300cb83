"""The world: its check tells counts that decide from those that don't."""

import re

from lessons.world.check import apart, browser, check
from tricknet.counting import rate


def test_the_exercises_tell_right_from_wrong(refused):
    """By Wilson's formula, only the interval of 10 of 10 begins (72%) where that of 4 of 10 has ended (69%), but that
    of 5 of 10 ends at 76%."""
    # McNemar's p is that of six heads in six tosses of a coin, and five in five: 2 / 2**6 and 2 / 2**5.
    text = check("0.6", [10]).text
    assert check("0.6", 10) and "0.031" in text and "0.062" in text
    refused("0.6", ([9, 10],), ([],), (["10"],), ([[10]],))

    assert apart(rate(4, 10), browser("sturdy")) and not apart(rate(5, 10), browser("sturdy"))
    assert len({re.sub(r"\d", "", check("0.7", rate(k, 10)).text) for k in (4, 5)}) == 2
