"""Two drawn units: forward, their sums are those by hand; backward, their slopes are those that a nudge finds."""

import re

import pytest

from tricknet.plots import network


def numbers(words):
    """The numbers in an alternative text."""
    return [float(n.replace("minus ", "-")) for n in re.findall(r"(?:minus )?\d+(?:\.\d+)?", words)]


@pytest.mark.parametrize(("first", "sums"), [(124, (48, -33.3)), (20, (-4, 8.3)), (35, (3.5, 2.3))])
def test_a_unit_is_drawn_with_its_sum_and_cut_off_below_zero(first, sums):
    for words, total in zip(network.units(first).alt.split(";"), sums, strict=True):
        assert numbers(words)[-2:] == pytest.approx([total, max(total, 0)])


@pytest.mark.parametrize("first", [0, 20, 27, 29, 35, 42, 124, 254])
def test_the_drawn_slope_is_the_one_that_a_nudge_finds(first):
    """The last number as drawn, before and after the first one rises by 1. (At 28 and 40.75 there are corners.)"""
    before, after = (numbers(network.backpropagation(n).alt.split(" makes ")[1])[0] for n in (first, first + 1))
    slope = numbers(network.backpropagation(first).alt.split(" units, and ")[1])[0]
    assert after - before == pytest.approx(slope, abs=1e-9)
