"""Saving in JupyterLab: killed at any moment, it leaves a whole file, and no rubbish."""

import asyncio
import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from disk import full_disk, open_to_all
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

from tricknet.course.jupyter.contents import WholeFileManager
from tricknet.paths import ROOT

LESSON = max((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: path.stat().st_size)

# Saves a lesson again and again, in a process that is killed, and says what was found: `python -c SAVER FOLDER CLASS`.
SAVER = """
import asyncio, importlib, json, os, random, signal, sys, time
from pathlib import Path

folder = Path(sys.argv[1])
lesson = folder / "lesson.ipynb"
module, _, name = sys.argv[2].rpartition(".")
Manager = getattr(importlib.import_module(module), name)
notebook = json.loads(lesson.read_text())
found = []
for kill in range(50):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        manager = Manager(root_dir=str(folder))
        async def save():
            for version in range(1000 * kill, 1000 * kill + 1000):
                notebook["metadata"]["version"] = version
                await manager.save({"type": "notebook", "format": "json", "content": notebook}, "lesson.ipynb")
                os.write(write, b"%d\\n" % version)
        asyncio.run(save())
    first = os.read(read, 100)
    time.sleep(random.uniform(0, 0.15))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(write)
    said = (first + os.read(read, 10000)).split()
    os.close(read)
    try:
        version = json.loads(lesson.read_text())["metadata"]["version"]
    except ValueError:
        version = None
    found.append((int(said[-1]), version, sorted(path.name for path in folder.iterdir() if path.is_file())))
    if version is None:
        break
print(json.dumps(found))
"""


def killed_50_times(folder, manager):
    """Each time: the last version that was said to be saved, the one that is there or None, and the files that are."""
    (folder / "lesson.ipynb").write_bytes(LESSON.read_bytes())
    environment = os.environ | {"JUPYTER_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    name = f"{manager.__module__}.{manager.__name__}"
    done = subprocess.run(
        [sys.executable, "-c", SAVER, folder, name], env=environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture
def manager(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "root").mkdir()
    return WholeFileManager(root_dir=str(tmp_path / "root"))


def save(manager, path, text, **more):
    return asyncio.run(manager.save({"type": "file", "format": "text", "content": text, **more}, path))


def upload(manager, path, piece, chunk):
    return save(manager, path, base64.b64encode(piece).decode(), format="base64", chunk=chunk)


def files(manager):
    root = Path(manager.root_dir)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.long
def test_killed_50_times_in_mid_save_nothing_is_lost(tmp_path):
    found = killed_50_times(tmp_path, WholeFileManager)
    assert len(found) == 50 and LESSON.stat().st_size > 1_000_000
    for said, there, names in found:
        assert there in (said, said + 1)
        assert set(names) <= {"lesson.ipynb", ".lesson.ipynb.part"}
    assert any(len(names) == 2 for _, _, names in found)  # some were killed in the middle
    save(WholeFileManager(root_dir=str(tmp_path)), "lesson.ipynb", "{}")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["lesson.ipynb"]


@pytest.mark.long
def test_jupyters_own_manager_would_have_lost_a_lesson(tmp_path):
    """The control: the same kills must be able to do harm."""
    assert any(there is None for _, there, _ in killed_50_times(tmp_path, AsyncLargeFileManager))


def test_a_new_file_is_as_others_are(manager):
    Path(manager.root_dir, "other.txt").touch()
    save(manager, "mine.txt", "mine\n")
    assert files(manager) == {"other.txt": b"", "mine.txt": b"mine\n"}
    assert Path(manager.root_dir, "mine.txt").stat().st_mode == Path(manager.root_dir, "other.txt").stat().st_mode


def test_mode_and_owner_stay(manager):
    mine = Path(manager.root_dir, "mine.sh")
    mine.touch()
    mine.chmod(0o750)
    if os.geteuid() == 0:
        os.chown(mine, 4321, 4322)
    before = mine.stat()
    save(manager, "mine.sh", "mine")
    after = mine.stat()
    assert mine.read_text() == "mine" and stat.S_IMODE(after.st_mode) == 0o750
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_links_stay_links(manager, tmp_path):
    root = Path(manager.root_dir)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "one.txt").touch()
    (root / "soft.txt").symlink_to("../elsewhere/two.txt")
    (tmp_path / "elsewhere" / "two.txt").symlink_to("one.txt")
    (root / "hard.txt").hardlink_to(tmp_path / "elsewhere" / "one.txt")
    for name in ("soft.txt", "hard.txt"):
        save(manager, name, name)
        assert (tmp_path / "elsewhere" / "one.txt").read_text() == name
        assert (root / "soft.txt").is_symlink() and (root / "hard.txt").stat().st_nlink == 2
    assert sorted(path.name for path in tmp_path.rglob("*") if path.name.startswith(".")) == []


@pytest.fixture
def nobody(manager, tmp_path):
    """The test runs as somebody who owns the lessons and nothing else: root may write everywhere."""
    if os.geteuid():
        yield
        return
    open_to_all(tmp_path)
    os.chown(manager.root_dir, 65534, 65534)
    os.setresuid(65534, 65534, 0)  # the real one as well, which `os.access` asks
    yield
    os.setresuid(0, 0, 0)


@pytest.mark.usefixtures("nobody")
def test_what_may_not_be_written_stays(manager):
    root = Path(manager.root_dir)
    (root / "closed").mkdir()
    for name in ("mine.txt", "closed/mine.txt"):
        (root / name).write_text("old")
    (root / "mine.txt").chmod(0o444)
    (root / "closed").chmod(0o555)
    with pytest.raises(HTTPError, match="403"):
        save(manager, "mine.txt", "new")
    with pytest.raises(HTTPError, match="403"):
        save(manager, "closed/new.txt", "new")
    save(manager, "closed/mine.txt", "new")  # this can be written, in place
    (root / "closed").chmod(0o755)
    assert files(manager) == {"mine.txt": b"old", "closed/mine.txt": b"new"}


def test_a_full_disk_leaves_the_old_text(manager):
    save(manager, "mine.txt", "old")
    with full_disk(8192), pytest.raises(HTTPError, match=r"mine\.txt could not be saved: the disk is full"):
        save(manager, "mine.txt", "new" * 10_000)
    assert files(manager) == {"mine.txt": b"old"}


def test_an_upload_in_pieces_takes_its_name_at_the_end(manager):
    save(manager, "mine.bin", "old")
    for chunk in (1, 2):
        said = upload(manager, "mine.bin", b"%d" % chunk * 1000, chunk)
        assert (said["name"], said["path"]) == ("mine.bin", "mine.bin")
        assert files(manager)["mine.bin"] == b"old"
    said = upload(manager, "mine.bin", b"3", -1)
    assert (said["path"], said["size"]) == ("mine.bin", 2001)
    assert files(manager) == {"mine.bin": b"1" * 1000 + b"2" * 1000 + b"3"}


def test_an_upload_that_does_not_fit_leaves_the_old_file(manager):
    save(manager, "mine.bin", "old")
    upload(manager, "mine.bin", b"new" * 2000, 1)
    with full_disk(8192), pytest.raises(HTTPError, match="could not be uploaded: File too large"):
        upload(manager, "mine.bin", b"new" * 2000, -1)
    assert files(manager)["mine.bin"] == b"old"


def test_an_upload_that_broke_off_is_forgotten(manager):
    upload(manager, "mine.bin", b"lost", 1)
    upload(manager, "mine.bin", b"kept, ", 1)
    upload(manager, "mine.bin", b"too", -1)
    assert files(manager) == {"mine.bin": b"kept, too"}


def test_back_to_a_checkpoint(manager):
    save(manager, "mine.txt", "old")
    asyncio.run(manager.create_checkpoint("mine.txt"))
    save(manager, "mine.txt", "new")
    asyncio.run(manager.restore_checkpoint("checkpoint", "mine.txt"))
    assert files(manager) == {"mine.txt": b"old", ".ipynb_checkpoints/mine-checkpoint.txt": b"old"}


def test_two_may_save_at_once(manager):
    async def both():
        texts = ["a" * 3_000_000, "b" * 2_000_000]
        models = [{"type": "file", "format": "text", "content": text} for text in texts]
        await asyncio.gather(*(manager.save(model, "mine.txt") for model in models))
        return [text.encode() for text in texts]

    texts = asyncio.run(both())
    assert list(files(manager)) == ["mine.txt"] and files(manager)["mine.txt"] in texts
