"""Is whatever we write there whole or not at all, on a full disk, and over what may only be read?"""

import resource
import subprocess
import sys

import pytest

from tests.disk import open_to_all
from tricknet.files import NotWrittenError, write


def test_on_a_full_disk_the_old_file_stays(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    path.chmod(0o606)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))  # bytes: the system refuses what goes beyond
    try:
        with pytest.raises(NotWrittenError) as error:
            write(path, bytes(1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
    write(path, bytes(1000))
    assert path.read_bytes() == bytes(1000) and path.stat().st_mode & 0o777 == 0o606


def test_what_may_only_be_read_is_not_replaced(tmp_path):
    """A file is replaced by way of its folder, so its own permissions would not stop anyone."""
    open_to_all(tmp_path)
    tmp_path.chmod(0o777)
    path = tmp_path / "x.png"
    path.write_bytes(b"old")
    path.chmod(0o444)
    code = "import os, sys\nfrom tricknet.files import write\nos.getuid() or os.setuid(65534)\nwrite(sys.argv[1], b'')"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "NotWrittenError" in done.stderr and path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("x")
    assert write(link, b"one") == link
    assert link.is_symlink() and (tmp_path / "x").read_bytes() == b"one"
