"""The race: are its shares of the limit taken within a turn?"""

from benchmarks import race
from benchmarks.race import Column


def test_shares_of_the_limit_are_taken_within_a_turn():
    """A slow turn is slow for all: 10 of 20 and 30 of 60 are half, whatever the medians are."""
    times = {"limit": [10, 30, 11], "fast": [20, 60]}
    assert race.shares(times, "fast") == [50, 50]
    table = race.table({Column(): times})
    assert "| 40.0 (30.0 to 50.0) | 50.0 (50.0 to 50.0) |" in table and "our step, Caffe's own layers" not in table
    assert "at 633 GFLOP/s" in table  # 2 * 2 * 1.583e9 operations in 10 ms: as fast as it ever was
