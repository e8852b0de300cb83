"""A teacher's ways through the course: each activity has its slides, and no word comes before it is explained."""

import json
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
        known.update(stop.get("explains", ()))
        shown, section = "", ""
        for cell in json.loads(BY_SLUG[stop["lesson"]].notebook.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                section = source if source.startswith("#") else section + source
            elif any(cell["id"] in part.get(kind, ()) for part in stop["do"] for kind in ("code", "figures")):
                shown += section
        words = {word for word, places in explained().items() if places and not places & passed}
        assert not {word for word in words - known if re.search(rf"\b{re.escape(word)}\b", shown)}


@every_route
def test_a_route_has_a_slide_or_paper_for_each_of_its_activities(route):
    make, sheets = SLIDES["slides"], re.compile(r"(?:score )?\w*sheet")
    paper = {"screen", *sheets.findall(route["print"])}
    for stop in route["stop"]:
        notebook = nbformat.read(BY_SLUG[stop["lesson"]].notebook, 4)
        for part in stop["do"]:
            shown = [kind for kind in ("code", "figures") if kind in part]
            assert shown or "on" in part
            assert {part.get("on", "screen"), *sheets.findall(part["what"])} <= paper
            assert "code" in part or "read aloud" not in part["what"]
            assert all(make(notebook, {"do": [{kind: [cell]}]}) for kind in shown for cell in part[kind])


@every_route
def test_no_slide_gives_an_answer_away(route):
    deck = SLIDES["deck"](route)
    shown = " ".join(cell.source for cell in deck.cells if cell.get("metadata", {}) == SLIDES["slide"]("").metadata)
    assert not [stop for stop in route["stop"] if BY_SLUG[stop["lesson"]].sentence in shown]
