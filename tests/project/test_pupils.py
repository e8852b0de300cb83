"""Are pupils weighed and timed rightly, is nothing left behind, and does the class's page say what the tables hold?"""

import asyncio

import psutil
import pytest

from benchmarks.classroom import pupils, sizing
from benchmarks.lessons.cases import saved
from tricknet import evidence

NOTEBOOK = "03-tricks.ipynb"


def row(what, n, **changed):
    measured = {"seconds": 10.0 * n, "longest": 11.0 * n, "cpu": 20.0, "megabytes": 400 * n, "server": 100}
    return {"what": what, "pupils": n, **measured, "kernel": 300, "private": 380, "cores": 2, "others": 0.01} | changed


@pytest.mark.long
def test_two_pupils_with_a_hundred_megabytes_each_and_one_who_waits(monkeypatch):
    """The kernel holds what a cell has put there, the time is the cell's, and afterwards nobody is there."""
    seen, real = [], pupils.weigh
    monkeypatch.setattr(pupils, "weigh", lambda class_: seen.extend(class_) or real(class_))
    code = ["kept = b'1' * 100_000_000", "import time; time.sleep(2)"]
    found = asyncio.run(pupils.measure("lesson", 2, NOTEBOOK, code))
    assert 100 < found["kernel"] < 250
    assert 30 < found["server"] < 250
    assert found["megabytes"] == pytest.approx(2 * (found["kernel"] + found["server"]), abs=3)
    assert found["longest"] >= found["seconds"] >= 2
    assert found["private"] > 130
    assert seen and not any(pupil.server.is_running() for pupil in seen)


@pytest.mark.long
def test_a_cell_that_fails_ends_the_measurement_and_all_processes():
    with pytest.raises(RuntimeError, match="division by zero"):
        asyncio.run(pupils.measure("lesson", 1, NOTEBOOK, ["1 / 0"]))
    assert not [child for child in psutil.Process().children(recursive=True) if "jupyter" in " ".join(child.cmdline())]


def test_pupils_do_what_the_notebooks_say():
    for what in sizing.NAMES:
        notebook, code = pupils.cells(what)
        assert (pupils.PROJECT / "notebooks" / notebook).is_file()
        assert "default_model()" in code[0]
    assert "Lab(" in code[0] and len(code) == 2


def test_a_row_takes_the_place_of_an_older_one(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "tables_folder", lambda: tmp_path)
    for one in (row("lab", 5), row("lesson", 10), row("lesson", 1), row("lab", 5, cpu=7.0)):
        pupils.keep(one)
    assert saved(sizing.TABLE) == [row("lesson", 1), row("lesson", 10), row("lab", 5, cpu=7.0)]


def test_the_advice_by_hand():
    """20 pupils on 2 cores wait for 220 s, so it is 22 s x 20 / 2; 400 MB and a Hub's 30 round up to 450."""
    said = " ".join(sizing.sizing([row("lesson", 1), row("lesson", 20), row("lab", 1)]).split())
    assert "Allow 450 MB" in said and "about 22 seconds, multiplied" in said
    assert "| 20 | 200 and 220 | 8.0 GB | 400 MB | | | |" in said
    assert "other programs" not in said
    assert "other programs used up to 30%" in sizing.sizing([row("lesson", 1, others=0.3), row("lab", 1)])


def test_what_is_no_stage_is_the_lesson_itself():
    said = sizing.causes([row("lesson", 1)], [{"stage": "weights", "megabytes": 120}])
    assert "| 180 |" in said and said.strip().endswith("| 400 |")


def test_the_page_says_what_the_tables_hold():
    """If this fails, run `python -m benchmarks.classroom.pupils --write`."""
    document = sizing.DOCUMENT.read_text(encoding="utf-8")
    assert sizing.written(document, saved(sizing.TABLE), saved(sizing.KERNEL)) == document
    assert sizing.PLOT.stat().st_size < 40_000
