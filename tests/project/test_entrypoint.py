"""The image's first program, run where there is no image: its words, and the lessons that it puts in place."""

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
    for name in ("notebooks", "images/evidence", "docs", "lessons/bends/tables"):
        (project / name).mkdir(parents=True)
    (project / NOTEBOOK).write_bytes(bytes(range(256)) * 40)
    (project / "images" / "evidence" / "bee.jpg").write_bytes(b"a bee")
    (project / "README.md").write_text("Read me")
    for name in ("evidence.md", "experiment.py", "tables/luck.csv"):  # of these, the reader gets the page
        (project / "lessons" / "bends" / name).write_text("counted")
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
    """What `notebook` does first."""
    script = [sys.executable, project / "docker" / "put_lessons.py", project, work]
    return subprocess.run(script, capture_output=True, text=True, **options)


@pytest.mark.parametrize("words", [["lessons"], ["photo.jpg"], ["./photo.jpg"], ["--port=1"], ["type"]])
def test_a_word_that_it_does_not_know(project, work, words):
    (work / "photo.jpg").write_bytes(b"")
    done = run(project, work, *words)
    assert done.returncode == 2 and not done.stdout
    assert f'"{words[0]}"' in done.stderr.splitlines()[0] and "Usage: docker run" in done.stderr
    assert "entrypoint" not in done.stderr


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_lists_each_word(project, work, word):
    done = run(project, work, word)
    assert done.returncode == 0 and not done.stderr
    for known in ("notebook", "lab, site", "classify", "trick", "dream", "sticker", "test", "licences"):
        assert f"\n  {known} " in done.stdout


def test_it_runs_the_tests(project, work):
    assert run(project, work, "test", "--version").stdout.startswith("pytest ")


def mounted(monkeypatch, on):
    """As if every folder were on the mount `on`."""
    monkeypatch.setenv("BASH_FUNC_stat%%", f"() {{ echo {on}; }}")


@pytest.mark.parametrize(
    ("on", "words", "lost"),
    [
        ("/", ["trick", "photo.jpg", "vulture", "-o", "out.gif"], True),
        ("/", ["dream", "teapot", "-oout.gif"], True),
        ("/", ["dream", "teapot", "--out", "out.gif"], True),
        ("/", ["sticker", "toaster", "--out=out.gif"], True),
        ("/work", ["dream", "teapot", "-o", "out.gif"], False),
        ("/", ["dream", "teapot", "-o", "nowhere/out.gif"], False),  # the command says that there is no such folder
        ("/", ["dream", "teapot", "-o", "/tmp/out.gif"], False),
        ("/", ["dream", "--help"], False),
        ("/", ["classify", "photo.jpg"], False),
    ],
)
def test_a_file_that_would_be_lost_is_a_note_before_the_work(project, work, monkeypatch, on, words, lost):
    """No command makes a .gif, so each ends where the work would begin."""
    mounted(monkeypatch, on)
    done = run(project, work, *words)
    assert done.stderr.startswith("NOTE: ") == lost and "NOTE" not in done.stdout
    assert not lost or done.stderr.splitlines()[-1].startswith("out.gif: ")


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
    lessons = (work / "panda-to-vulture" / "lessons").rglob("*")
    assert [path.name for path in lessons if path.is_file()] == ["evidence.md"]


def test_what_the_reader_changed_stays(project, work):
    put(project, work)
    (work / NOTEBOOK).write_bytes((project / NOTEBOOK).read_bytes()[:-1])  # the reader's last letter is gone
    (work / "README.md").write_text("Read me, and more")
    (work / "mine.txt").write_text("mine")
    assert put(project, work).returncode == 0
    assert (work / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()[:-1]
    assert (work / "README.md").read_text() == "Read me, and more"
    assert (work / "mine.txt").read_text() == "mine"


def read(work):
    """What is in each file by its name, whatever bytes those are, but for what put_lessons.py itself notes."""
    notes = (".lessons.json", "what-is-new.txt")
    files = (path for path in work.rglob("*") if path.is_file() and path.name not in notes)
    return {str(path.relative_to(work)): path.read_text(errors="replace") for path in files}


# --- Newer lessons


def versions(project, *files, text):
    for name in files:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)


def arrived(project, work):
    """The files that it says are new, in its order."""
    return re.findall(r"\w+/\w+(?: \(new[ \d]*\))?\.\w+", put(project, work).stdout)


def test_newer_lessons_arrive(project, work):
    one, two, three, four = (f"notebooks/0{n}.ipynb" for n in (1, 2, 3, 4))
    versions(project, one, two, three, text="first")
    assert arrived(project, work) == []
    (work / two).write_text("mine")
    (work / three).unlink()
    assert arrived(project, work) == []
    versions(project, one, two, four, text="second")
    new = [one, four, "notebooks/02 (new).ipynb"]
    assert arrived(project, work) == new
    assert all(name in (work / "notebooks" / "what-is-new.txt").read_text() for name in new)
    there = {one: "second", two: "mine", "notebooks/02 (new).ipynb": "second", three: "first", four: "second"}
    assert there.items() <= read(work).items()
    assert arrived(project, work) == []
    assert there.items() <= read(work).items()


def test_the_newer_one_is_the_readers_too(project, work):
    versions(project, "notebooks/02.ipynb", text="first")
    put(project, work)
    (work / "notebooks/02.ipynb").write_text("mine")
    there = {"notebooks/02.ipynb": "mine"}
    for number, text in enumerate(["second", "third", "fourth"]):
        versions(project, "notebooks/02.ipynb", text=text)
        put(project, work)
        if number == 0:  # nobody has touched it: the third takes its place
            assert read(work)["notebooks/02 (new).ipynb"] == "second"
        if number == 1:
            assert read(work)["notebooks/02 (new).ipynb"] == "third"
            (work / "notebooks/02 (new).ipynb").write_text("mine, too")
    there |= {"notebooks/02 (new).ipynb": "mine, too", "notebooks/02 (new 2).ipynb": "fourth"}
    assert {name: text for name, text in read(work).items() if "02" in name} == there


def test_a_reader_who_takes_the_newer_one_gets_the_next(project, work):
    versions(project, "notebooks/02.ipynb", text="first")
    put(project, work)
    (work / "notebooks/02.ipynb").write_text("mine")
    versions(project, "notebooks/02.ipynb", text="second")
    put(project, work)
    (work / "notebooks/02 (new).ipynb").replace(work / "notebooks/02.ipynb")
    versions(project, "notebooks/02.ipynb", text="third")
    assert arrived(project, work) == ["notebooks/02.ipynb"]
    assert {name: text for name, text in read(work).items() if "02" in name} == {"notebooks/02.ipynb": "third"}


@pytest.mark.parametrize("notes", [None, "", "[]", '{"notebooks/01.ipynb": 1}'])
def test_without_notes_all_that_differs_is_the_readers(project, work, notes):
    versions(project, "notebooks/01.ipynb", "notebooks/02.ipynb", text="first")
    put(project, work)
    (work / "notebooks/02.ipynb").write_text("mine, or an older lesson")
    (work / ".lessons.json").unlink()
    if notes is not None:
        (work / ".lessons.json").write_text(notes)
    assert arrived(project, work) == ["notebooks/02 (new).ipynb"]
    versions(project, "notebooks/01.ipynb", text="second")
    assert arrived(project, work) == ["notebooks/01.ipynb"]
    assert read(work)["notebooks/02.ipynb"] == "mine, or an older lesson"


def test_a_link_of_the_readers_is_not_followed(project, work):
    put(project, work)
    (work / "README.md").unlink()
    for name in ("README.md", "notebooks/.~index.ipynb.part"):
        (work / name).symlink_to(work / "elsewhere")
    (project / NOTEBOOK).write_text("newer")
    assert put(project, work).returncode == 0
    assert (work / "README.md").is_symlink() and not (work / "elsewhere").exists()


@pytest.mark.parametrize("name", ["index.ipynb", ".~index.ipynb.part", "index (new).ipynb", "../.lessons.json"])
def test_no_pipe_is_waited_for(project, work, name):
    put(project, work)
    pipe, lesson = work / "notebooks" / name, work / NOTEBOOK
    lesson.write_text("mine")
    (work / "notebooks/.index.ipynb.part").write_text("mine, too")
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    (project / NOTEBOOK).write_text("newer")
    assert put(project, work, timeout=60).returncode == 0
    assert pipe.is_fifo() if pipe == lesson else lesson.read_text() == "mine"
    assert (work / "notebooks/.index.ipynb.part").read_text() == "mine, too"


@pytest.mark.parametrize("name", [".lessons.json", "notebooks"])
def test_what_is_in_the_way_is_named(project, work, name):
    if name == "notebooks":
        (work / name).write_text("a file")
    else:
        (work / name).mkdir()
    done = put(project, work)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and f"{work / name}." in done.stderr


def test_a_full_disk_gets_a_sentence_and_leaves_whole_files(project, work):
    """No file may be larger than 8 kB here, which fails as a full disk does."""
    import resource

    done = put(project, work, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)))
    assert done.returncode == 1
    assert str(work) in done.stderr and "File too large" in done.stderr and "Traceback" not in done.stderr
    assert [path for path in work.rglob("*") if path.is_file()] == []
    assert put(project, work).returncode == 0
    assert (work / NOTEBOOK).read_bytes() == (project / NOTEBOOK).read_bytes()
