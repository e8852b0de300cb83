"""How much memory there is: the machine's, or a container's limit where that is lower."""

import psutil

from tricknet.memory import available


def limit(cgroup, limit):
    (cgroup / "memory.max").write_text(f"{limit}\n")
    (cgroup / "memory.current").write_text("1000000\n")
    (cgroup / "memory.stat").write_text("anon 500000\ninactive_file 300000\nactive_file 200000\n")


def test_without_a_limit_it_is_the_machines(tmp_path):
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total
    limit(tmp_path, "max")
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total


def test_a_containers_limit_counts(tmp_path):
    """What files were read lately is in `current` too, but is given back."""
    limit(tmp_path, "3000000")
    assert available(tmp_path) == 2_300_000
