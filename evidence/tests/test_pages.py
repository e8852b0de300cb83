"""Does every page say what its tables say, and do the tables bear out the lessons? An experiment asserts that."""

import importlib
import re

import pytest

from evidence.report import fill_page
from lessons.course import LESSONS
from tricknet.paths import ROOT

PAGES = sorted(ROOT.glob("evidence/*.md"))


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_page_says_what_the_tables_say_and_explains_each(path):
    experiment, page = importlib.import_module(f"evidence.{path.stem}"), path.read_text(encoding="utf-8")
    assert page == fill_page(page, experiment.make_tables())
    files = sorted(path.relative_to(ROOT / "evidence") for path in experiment.table.folder.iterdir())
    assert sorted(re.findall(r"^## .+\n\nEach row of `(\S+)`", page, re.MULTILINE)) == list(map(str, files))
    (lesson,) = (lesson for lesson in LESSONS if lesson.package == path.stem)
    number = f"lesson {lesson.number}, " if lesson.number else ""
    assert page.startswith(f"# Evidence for {number}{lesson.title}\n")
