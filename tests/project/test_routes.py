"""A teacher's ways through the course: each activity has its slides, and no word comes before it is explained."""

import re
import runpy

import nbformat
import pytest

from lessons.course import BY_SLUG, routes
from tricknet.paths import DOCS, ROOT

SLIDES = runpy.run_path(str(ROOT / "scripts" / "generate" / "slides.py"))
every_route = pytest.mark.parametrize("route", routes(), ids=[route["name"] for route in routes()])


def explained() -> dict[str, set[str]]:
    """The words of the glossary, each with the notebooks that explain it."""
    entries = [entry for entry in (DOCS / "glossary.md").read_text(encoding="utf-8").split("\n\n") if "</a>**" in entry]
    return {re.findall(r"\*\*(.+?)\*\*", one)[0]: set(re.findall(r"notebooks/([\w-]+)\.ipynb", one)) for one in entries}


@every_route
def test_a_route_introduces_each_of_its_words(route):
    """What stands above a figure in its section uses words that an earlier stop, this one or the teacher explains."""
    known, passed = set(), set()
    for stop in route["stop"]:
        passed.add(BY_SLUG[stop["lesson"]].stem)
        known.update(*(one["what"][len("explain: ") :].split(", ") for one in stop["do"] if one.get("on") == "board"))
        shown, section = "", ""
        for cell in nbformat.read(BY_SLUG[stop["lesson"]].notebook, 4).cells:
            if cell.cell_type == "markdown":
                section = cell.source if cell.source.startswith("#") else section + cell.source
            elif any(cell.id in part.get(kind, ()) for part in stop["do"] for kind in ("code", "figures")):
                shown += section
        words = {word for word, places in explained().items() if places and not places & passed}
        assert not {word for word in words - known if re.search(rf"\b{re.escape(word)}\b", shown)}


@every_route
def test_a_route_has_a_slide_or_paper_for_each_of_its_activities(route):
    make, sheets = SLIDES["slides"], re.compile(r"(?:score )?\w*sheet")
    paper = {"screen", "board", *sheets.findall(route["print"])}
    shown = [cell.source for cell in SLIDES["deck"](route).cells if "notes" not in str(cell.metadata)]
    for lesson, stop in ((BY_SLUG[stop["lesson"]], stop) for stop in route["stop"]):
        assert lesson.sentence not in "".join(shown)  # it would give the answers away
        notebook = nbformat.read(lesson.notebook, 4)
        for part in stop["do"]:
            assert {part.get("on", "screen"), *sheets.findall(part["what"])} <= paper
            assert "code" in part or "read aloud" not in part["what"]
            wanted = [{kind: [cell]} for kind in ("code", "figures") for cell in part.get(kind, ())]
            assert (wanted or "on" in part) and all(make(notebook, {"do": [one]}) for one in wanted)
