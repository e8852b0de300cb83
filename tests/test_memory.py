"""How much memory there is: the machine's, or a container's limit where that is lower."""

import psutil

from tricknet.memory import available


def test_without_a_limit_it_is_the_machines(tmp_path):
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total


def test_a_containers_limit_counts(tmp_path):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    assert available(tmp_path) == 2_000_000
