"""Does the race count rightly, and go on without a rival that fails?"""

import pytest

from evidence.race import step as race
from evidence.race.step import RIVALS
from tests.facts import numbers


def test_shares_of_the_limit_are_taken_within_a_turn():
    """A slow turn is slow for all: 10 of 20 and 30 of 60 are half, whatever the medians are."""
    times = {"limit": [10, 30, 11], "fast": [20, 60]}
    assert race.shares(times, "fast") == [50, 50]
    first, *_, last = race.table(times).splitlines()
    assert numbers(last) == [40, 30, 50, 50, 50, 50]
    assert numbers(first) == [633]  # GFLOP/s: 2 * 2 * 1.583e9 operations in 10 ms: as fast as it ever was


@pytest.mark.long
@pytest.mark.parametrize("name", RIVALS)
def test_every_rival_runs_beside_one_that_cannot_start(name, request):
    if name.startswith("torch"):
        request.getfixturevalue("torch")
    times = race.race(["nobody", name], threads=1, turns=1)
    assert times["nobody"] == [] and times[name][0] > 0


@pytest.mark.long
def test_a_rival_that_dies_has_nothing_more_to_say():
    with race.rival("limit", threads=1) as process:
        assert race.answer(process) == "ready" and len(race.answer(process, "steps\n").split()) == 3
        process.kill()
        process.wait()
        assert race.answer(process, "steps\n") == ""
