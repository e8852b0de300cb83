"""class/copy.sh: a pupil's work by the name that the pupil typed, as it is, or one sentence and nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import docker
from hub import PASSWORDS, PROJECT, Browser, compose, left_over, running_hub, script, up

NAMES = {
    "Alice": "alice",
    "anna_b": "anna_b",
    "élève": "élève",
    "学生一": "学生一",
    "ＡＢ": "ａｂ",
}  # typed, and in an address
WRITE = """
import os
os.makedirs('/work/panda-to-vulture/mine', exist_ok=True)
open('/work/panda-to-vulture/mine/été 1.txt', 'w').write({typed!r})
os.symlink('/etc/passwd', '/work/panda-to-vulture/mine/link')
print(sum(len(files) for _, _, files in os.walk('/work')), os.getuid())
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    with running_hub() as address:
        yield address


def enter(hub: str, typed: str) -> Browser:
    pupil = Browser(hub, typed, PASSWORDS["CLASS_PASSWORD"])
    pupil.name = NAMES[typed]
    pupil.start()
    return pupil


def copied(typed: str, folder: Path) -> str:
    done = script("copy.sh", typed, folder)
    assert done.returncode == 0, done.stdout
    assert (folder / "panda-to-vulture/mine/été 1.txt").read_text() == typed
    assert (folder / "panda-to-vulture/mine/link").readlink() == Path("/etc/passwd")  # a link, and not what it names
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    assert done.stdout.splitlines()[-1] == (
        f'Copied {len(files)} files, {size} bytes, of the pupil "{typed}" to {folder.resolve()}'
    )
    return done.stdout


@pytest.mark.parametrize("typed", NAMES)
def test_the_name_that_the_pupil_typed(hub, tmp_path, typed):
    pupil = enter(hub, typed)
    files = int(pupil.run(WRITE.format(typed=typed)).split()[0])
    assert f"Copied {files - 1} files" in copied(typed, tmp_path / "at work")  # without the link
    pupil.stop()
    copied(typed, tmp_path / "has left")
    pupil.start()  # nothing holds on to the disk
    pupil.stop()


def test_also_without_a_hub(hub, tmp_path):
    enter(hub, "Alice").run(WRITE.format(typed="Alice"))
    compose("down")
    try:
        copied("Alice", tmp_path / "copy")
    finally:
        up()
    assert enter(hub, "Alice").run("print(6 * 7)").strip() == "42"


def test_a_volume_from_before_there_was_a_limit(hub, tmp_path):
    """It is used as it is, and copied as all are."""
    volume = f"{PROJECT}-old"
    docker("volume", "create", volume)
    NAMES["old"] = "old"
    pupil = enter(hub, "old")
    pupil.run(WRITE.format(typed="old"))
    pupil.stop()
    assert not json.loads(docker("volume", "inspect", volume).stdout)[0]["Options"]
    copied("old", tmp_path / "copy")


@pytest.mark.parametrize("name", ["nobody", "a/../b", "--help", "x" * 300, ""])
def test_where_there_is_nothing_it_says_so_and_makes_nothing(hub, tmp_path, name):
    before = left_over("volume", "ls")
    done = script("copy.sh", name, tmp_path / "copy")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f'Nobody has logged in as "{name}", so nothing was copied. Write the name as the pupil types it.'
    ]
    assert left_over("volume", "ls") == before and not list(tmp_path.iterdir())


def test_a_folder_that_is_there_is_left_alone(hub, tmp_path):
    (tmp_path / "copy").mkdir()
    done = script("copy.sh", "alice", tmp_path / "copy")
    assert done.returncode == 1 and "nothing was copied" in done.stdout
    assert not list((tmp_path / "copy").iterdir())
