"""Is every lesson's page of evidence what its tables say, and are these about the photographs that it names?"""

import importlib

import pytest

from evidence.report import page
from tricknet import images
from tricknet.paths import ROOT

PAGES = sorted(ROOT.glob("evidence/*.md"))


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_page_is_what_the_tables_say(path):
    experiment = importlib.import_module(f"evidence.{path.stem}")
    shown = experiment.shown()
    assert set(shown) == {table.stem for table in experiment.table.folder.iterdir()}
    assert path.read_text(encoding="utf-8") == page(experiment.table, experiment.__doc__, shown)


@pytest.mark.parametrize(
    "lesson, name", [("does_it_survive", "survival"), ("does_it_survive", "unseen"), ("defence", "jpeg")]
)
def test_the_sets_are_the_ones_that_the_lessons_name(lesson, name):
    sets: dict[str, list[str]] = {}
    for row in importlib.import_module(f"lessons.{lesson}").table(name):
        sets.setdefault(row.get("set", "HELD_OUT"), []).append(row["picture"])
    for group, pictures in sets.items():
        assert set(pictures) == set(getattr(images, group)[:30])
        assert len({pictures.count(name) for name in pictures}) == 1  # as many rows for each picture
