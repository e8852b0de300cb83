"""The image's first program, run where there is no image: its words, and the lessons that it puts in place."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tricknet.paths import ROOT

NOTEBOOK = "notebooks/index.ipynb"


@pytest.fixture
def project(tmp_path):
    """A project with little in it, laid out as in the image, beside an empty home."""
    project = tmp_path / "opt" / "project"
    shutil.copytree(ROOT / "docker", project / "docker")
    for folder in (project / "notebooks", project.parent / "home", tmp_path / "work"):
        folder.mkdir()
    (project / NOTEBOOK).write_bytes(bytes(range(256)) * 40)
    return project


@pytest.fixture
def work(project):
    return project.parent.parent / "work"


def run(project, work, *words):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"HOME": str(work.parent / "home"), "PATH": path}
    script = project / "docker" / "entrypoint.sh"  # by bash, for no program may start in the image's own /tmp
    return subprocess.run(["bash", script, *words], cwd=work, env=environment, capture_output=True, text=True)


def put(project, work, *within):
    """What `notebook` does first, within another program."""
    script = [*within, sys.executable, project / "docker" / "put_lessons.py", project, work]
    return subprocess.run(script, capture_output=True, text=True)


@pytest.mark.parametrize("words", [["lessons"], ["./photo.jpg"]])
def test_a_word_that_it_does_not_know_gets_the_list_of_words(project, work, words):
    (work / "photo.jpg").write_bytes(b"")
    done = run(project, work, *words)
    assert done.returncode == 2 and not done.stdout
    complaint, usage = done.stderr.split("\n", 1)
    assert f'"{words[0]}"' in complaint and usage == run(project, work, "help").stdout


@pytest.mark.parametrize(("on", "kept"), [("/", "no"), ("/work", "")])
def test_what_a_hub_starts_runs_among_the_lessons(project, work, monkeypatch, on, kept):
    """The lab reads TRICKNET_KEPT, and says if what is saved is lost."""
    monkeypatch.setenv("BASH_FUNC_stat%%", f"() {{ echo {on}; }}")  # as if every folder were on this mount
    here = ["bash", "-c", 'echo "$PWD|$TRICKNET_KEPT"']
    assert run(project, work, *here).stdout == f"{work}|\n"
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    done, lessons = run(project, work, *here), work / "panda-to-vulture"
    assert done.stdout == f"{lessons}|{kept}\n" and bool(done.stderr) == bool(kept)
    assert (lessons / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()


def publish(project, text, *names):
    """A version of the course, in which these lessons have this text."""
    for name in names:
        (project / "notebooks" / name).write_text(text)


def arrived(project, work):
    """The lessons that it says are new, in its order."""
    return re.findall(r"notebooks/(\w+(?: \(new[ \d]*\))?\.ipynb)", put(project, work).stdout)


def lessons(work):
    """The text of each numbered lesson that the reader has, by its name."""
    return {path.name: path.read_text() for path in (work / "notebooks").glob("0*.ipynb")}


def test_newer_lessons_arrive_beside_what_the_reader_changed(project, work):
    publish(project, "first", "01.ipynb", "02.ipynb", "03.ipynb")
    assert arrived(project, work) == []
    publish(work, "mine", "02.ipynb")
    (work / "notebooks/03.ipynb").unlink()
    assert arrived(project, work) == []
    publish(project, "second", "01.ipynb", "02.ipynb", "04.ipynb")
    new = ["01.ipynb", "04.ipynb", "02 (new).ipynb"]
    assert arrived(project, work) == new
    assert all(name in (work / "notebooks" / "what-is-new.txt").read_text() for name in new)
    there = {"01.ipynb": "second", "02.ipynb": "mine", "03.ipynb": "first", "04.ipynb": "second"}
    assert lessons(work) == there | {"02 (new).ipynb": "second"}
    assert arrived(project, work) == []
    publish(project, "third", "02.ipynb")  # nobody has touched the newer one: this takes its place
    assert arrived(project, work) == ["02 (new).ipynb"]
    publish(work, "mine, too", "02 (new).ipynb")
    publish(project, "fourth", "02.ipynb")
    assert arrived(project, work) == ["02 (new 2).ipynb"]
    assert lessons(work) == there | {"02 (new).ipynb": "mine, too", "02 (new 2).ipynb": "fourth"}


def notebook(*cells, said=""):
    """A notebook as JupyterLab writes it, whose cells have said this."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [said]}]
    code = [{"cell_type": "code", "source": [source] * bool(source), "outputs": outputs} for source in cells]
    return json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_a_lesson_that_was_only_run_is_not_changed_and_no_file_is_too_large(project, work):
    three = "01.ipynb", "02.ipynb", "large.ipynb"
    publish(project, notebook("1 + 1"), *three)
    assert arrived(project, work) == []
    publish(work, notebook("1 + 1", "", said="2"), "01.ipynb")
    publish(work, notebook("1 + 2", said="3"), "02.ipynb")
    os.truncate(work / "notebooks" / "large.ipynb", 1 << 40)  # bytes, all of them holes
    assert arrived(project, work) == []
    publish(project, newer := notebook("1 + 3"), *three)
    assert arrived(project, work) == ["01.ipynb", "02 (new).ipynb", "large (new).ipynb"]
    assert lessons(work) == {"01.ipynb": newer, "02.ipynb": notebook("1 + 2", said="3"), "02 (new).ipynb": newer}


def test_a_full_disk_gets_a_sentence_and_leaves_no_half_file(project, work):
    done = put(project, work, "bash", "-c", 'ulimit -f 8; exec "$@"', "-")
    assert done.returncode == 1 and str(work) in done.stderr and "Traceback" not in done.stderr
    assert not [path for path in work.rglob("*") if path.is_file()]
