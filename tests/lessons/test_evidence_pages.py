"""Is every lesson's page of evidence what its tables say, and does it leave none of them out?"""

import importlib

import pytest

from tricknet.paths import ROOT
from tricknet.report import page

LESSONS = sorted(path.parent for path in ROOT.glob("lessons/*/experiment.py"))


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_the_page_is_what_the_tables_say(lesson):
    experiment = importlib.import_module(f"lessons.{lesson.name}.experiment")
    shown = experiment.shown()
    assert set(shown) == {path.stem for path in lesson.glob("tables/*.csv")}
    assert (lesson / "evidence.md").read_text(encoding="utf-8") == page(experiment.__doc__, shown)
