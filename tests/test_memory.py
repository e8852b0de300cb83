"""How much memory there is: the machine's, or a container's limit where that is lower."""

import psutil
import pytest

from tricknet import memory
from tricknet.memory import available


def limit(cgroup, limit, files=memory.VERSIONS[0]):
    maximum, current, details = (cgroup / name for name in files)
    details.parent.mkdir(exist_ok=True)
    maximum.write_text(f"{limit}\n")
    current.write_text("1000000\n")
    details.write_text("anon 500000\ninactive_file 300000\nactive_file 200000\n")


def test_without_a_limit_it_is_the_machines(tmp_path):
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total
    limit(tmp_path, "max")
    assert 0 < available(tmp_path) <= psutil.virtual_memory().total


@pytest.mark.parametrize("files", memory.VERSIONS)
def test_a_containers_limit_counts(tmp_path, files):
    """What files were read lately is among what is used too, but is given back."""
    limit(tmp_path, "3000000", files)
    assert available(tmp_path) == 2_300_000
