"""How much memory there is: the machine's, or a container's limit where that is lower."""

import psutil

from tricknet.memory import available


def test_a_containers_limit_counts_where_there_is_one(tmp_path):
    """What files were read lately is among what is used too, but is given back."""
    for limit, low, high in [("max", 1, psutil.virtual_memory().total), ("3000000", 2_300_000, 2_300_000)]:
        assert 0 < available(tmp_path / "nowhere") <= psutil.virtual_memory().total
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        (tmp_path / "memory.current").write_text("1000000\n")
        (tmp_path / "memory.stat").write_text("anon 500000\ninactive_file 300000\nactive_file 200000\n")
        assert low <= available(tmp_path) <= high
