"""The image's first program, run where there is no image: its words, and the lessons that it puts in place."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tricknet.paths import ROOT

NOTEBOOK = "notebooks/index.ipynb"


@pytest.fixture
def project(tmp_path):
    """A project with little in it, laid out as in the image, beside an empty home."""
    project = tmp_path / "opt" / "project"
    shutil.copytree(ROOT / "docker", project / "docker")
    for name in ("notebooks", "images/evidence", "docs", "benchmarks"):
        (project / name).mkdir(parents=True)
    (project / NOTEBOOK).write_bytes(bytes(range(256)) * 40)
    (project / "images" / "evidence" / "bee.jpg").write_bytes(b"a bee")
    (project / "README.md").write_text("Read me")
    (project.parent / "home").mkdir()
    return project


@pytest.fixture
def work(tmp_path):
    """The reader's folder."""
    work = tmp_path / "work"
    work.mkdir()
    return work


def run(project, work, *words):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"HOME": str(work.parent / "home"), "PATH": path}
    script = project / "docker" / "entrypoint.sh"  # by bash, for no program may start in the image's own /tmp
    return subprocess.run(["bash", script, *words], cwd=work, env=environment, capture_output=True, text=True)


def put(project, work, **options):
    """What `notebook` and `lab` do first."""
    script = [sys.executable, project / "docker" / "put_lessons.py", project, work]
    return subprocess.run(script, capture_output=True, text=True, **options)


@pytest.mark.parametrize("words", [["lessons"], ["photo.jpg"], ["./photo.jpg"], ["--port=1"], ["type"]])
def test_a_word_that_it_does_not_know(project, work, words):
    (work / "photo.jpg").write_bytes(b"")
    done = run(project, work, *words)
    assert done.returncode == 2 and not done.stdout
    assert done.stderr.startswith(f'"{words[0]}" is not a word that this image knows.\nUsage: docker run')
    assert "entrypoint" not in done.stderr


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_lists_each_word(project, work, word):
    done = run(project, work, word)
    assert done.returncode == 0 and not done.stderr
    for known in ("notebook", "lab", "classify", "trick", "dream", "sticker", "test", "licences"):
        assert f"\n  {known} " in done.stdout


def test_any_other_program_runs(project, work):
    done = run(project, work, "printf", "%s|", "a b", "c")
    assert (done.returncode, done.stdout) == (0, "a b|c|")


def test_what_a_hub_starts_runs_among_the_lessons(project, work, monkeypatch):
    here = ["bash", "-c", "pwd; ls"]
    assert run(project, work, *here).stdout == f"{work}\n"
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    where, *files = run(project, work, *here).stdout.splitlines()
    assert where == f"{work}/panda-to-vulture" and {"notebooks", "README.md"} <= set(files)


def test_jupyter_runs_among_the_lessons(project, work):
    done = run(project, work, "notebook", "--version")
    assert done.returncode == 0 and done.stdout[0].isdigit(), done.stderr
    assert (work / "panda-to-vulture" / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()
    assert (work / "panda-to-vulture" / "images" / "evidence" / "bee.jpg").read_bytes() == b"a bee"
    assert (work / "panda-to-vulture" / "README.md").read_text() == "Read me"


def test_what_the_reader_changed_stays(project, work):
    put(project, work)
    (work / NOTEBOOK).write_bytes((project / NOTEBOOK).read_bytes()[:-1])  # the reader's last letter is gone
    (work / "README.md").write_text("Read me, and more")
    (work / "mine.txt").write_text("mine")
    assert put(project, work).returncode == 0
    assert (work / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()[:-1]
    assert (work / "README.md").read_text() == "Read me, and more"
    assert (work / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("size", [0, 4096, 8192])
def test_a_copy_that_was_cut_short_is_mended(project, work, size):
    put(project, work)
    os.truncate(work / NOTEBOOK, size)
    assert put(project, work).returncode == 0
    assert (work / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()


def test_a_link_of_the_readers_is_not_followed(project, work):
    (work / "README.md").symlink_to("elsewhere")
    assert put(project, work).returncode == 0
    assert (work / "README.md").is_symlink() and not (work / "elsewhere").exists()


def test_a_full_disk_gets_a_sentence_and_leaves_whole_files(project, work):
    """No file may be larger than 8 kB here, which fails as a full disk does."""
    import resource

    done = put(project, work, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)))
    assert done.returncode == 1
    assert done.stderr == f"The lessons could not be put into {work}: File too large. Mend that, and start again.\n"
    assert [path for path in work.rglob("*") if path.is_file()] == []
    assert put(project, work).returncode == 0
    assert (work / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()


def test_however_it_is_killed_each_file_is_whole_or_not_there(project, work):
    large = os.urandom(4_000_000)
    for i in range(30):
        (project / "docs" / f"{i}.bin").write_bytes(large)
    cut = 0
    for _ in range(8):
        shutil.rmtree(work)
        work.mkdir()
        process = subprocess.Popen([sys.executable, project / "docker" / "put_lessons.py", project, work])
        while not any(work.rglob("*.bin")):
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        there = [path for path in work.rglob("*.bin")]
        assert all(path.read_bytes() == large for path in there)
        cut += len(there) < 30
    assert cut
    put(project, work)
    assert len(list(work.rglob("*.bin"))) == 30 and not list(work.rglob(".*"))
