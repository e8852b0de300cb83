"""Does every page say what its tables say, and do the tables bear out the lessons? An experiment asserts that."""

import importlib

import pytest

from evidence.report import compose_page
from tricknet.paths import ROOT

PAGES = sorted(ROOT.glob("evidence/*.md"))


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_page_is_what_the_tables_say(path):
    experiment = importlib.import_module(f"evidence.{path.stem}")
    contents = experiment.describe()
    assert set(contents) == {table.stem for table in experiment.table.folder.iterdir()}
    assert path.read_text(encoding="utf-8") == compose_page(experiment.PROSE, experiment.table, contents)
