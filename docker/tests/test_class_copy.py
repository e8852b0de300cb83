"""class/copy.sh: a pupil's work by the name that the pupil typed, as it is, or one sentence and nothing."""

import subprocess
from pathlib import Path

import pytest
from hub import Browser, compose, left_over, script, up

from tests.disk import open_to_all

WRITE = """
import os
os.makedirs('/work/panda-to-vulture/mine', exist_ok=True)
open('/work/panda-to-vulture/mine/été 1.txt', 'w').write({typed!r})
os.path.lexists(link := '/work/panda-to-vulture/mine/link') or os.symlink('/etc/passwd', link)
print(sum(len(files) for _, _, files in os.walk('/work')))
"""


def copied(typed: str, folder: Path) -> str:
    done = script("copy.sh", typed, folder)
    assert done.returncode == 0, done.stdout
    assert (folder / "panda-to-vulture/mine/été 1.txt").read_text() == typed
    assert (folder / "panda-to-vulture/mine/link").readlink() == Path("/etc/passwd")  # a link, and not what it names
    return done.stdout


@pytest.mark.parametrize("typed", ["anna_b", "ＡＢ"])
def test_the_name_that_the_pupil_typed(hub, tmp_path, typed):
    pupil = Browser.enter(hub, typed)
    files = int(pupil.run(WRITE.format(typed=typed)))
    said = copied(typed, tmp_path / "at work")
    assert f" {files - 1} files" in said and str(tmp_path / "at work") in said  # without the link
    pupil.stop()
    copied(typed, tmp_path / "has left")


def test_also_without_a_hub(hub, tmp_path):
    Browser.enter(hub, "Alice").run(WRITE.format(typed="Alice"))
    compose("down")
    try:
        assert not left_over("ps", "--all") + left_over("network", "ls")
        copied("Alice", tmp_path / "copy")
    finally:
        up()
    Browser.enter(hub, "Alice")  # nothing holds on to the disk


TRAPS = """
import os, shutil
os.makedirs('/work/traps/shut')
shutil.copy('/bin/bash', '/work/traps/shell')
os.chmod('/work/traps/shell', 0o6755)
os.truncate(os.open('/work/traps/holes', os.O_CREAT | os.O_WRONLY), 1 << 40)
os.chmod('/work/traps/shut', 0)
print(oct(os.stat('/work/traps/shell').st_mode))
"""


def test_what_root_copies_makes_nobody_root_and_no_disk_full(hub, tmp_path):
    """A pupil's setuid program would be root's, and a file of holes would be written out: a terabyte on 100 MB."""
    pupil = Browser.enter(hub, "Alice")
    pupil.run(WRITE.format(typed="Alice"))
    assert pupil.run(TRAPS).strip() == "0o106755"
    copied("Alice", tmp_path / "copy")
    traps = tmp_path / "copy" / "traps"
    open_to_all(tmp_path)
    for folder in (traps, traps.parent):
        folder.chmod(0o755)
    who = subprocess.run([traps / "shell", "-p", "-c", "id -u; id -g"], user=4321, group=4321, stdout=-1, check=True)
    assert who.stdout.split() == [b"4321"] * 2
    holes = (traps / "holes").stat()
    assert holes.st_size == 1 << 40 and holes.st_blocks * 512 < 1 << 20


@pytest.mark.parametrize("name", ["nobody", "a/../b"])
def test_where_there_is_nothing_it_says_so_and_makes_nothing(hub, tmp_path, name):
    before = left_over("volume", "ls")
    done = script("copy.sh", name, tmp_path / "copy")
    assert done.returncode == 1 and f'"{name}"' in done.stdout
    assert left_over("volume", "ls") == before and not list(tmp_path.iterdir())
