"""A teacher's ways through the course: their figures are there, and no word comes before it is explained."""

import json
import re
import runpy

import pytest

from lessons.course import BY_SLUG, routes
from tricknet.paths import DOCS, ROOT

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
            elif cell["id"] in stop["figures"]:
                shown += section
        words = {word for word, places in explained().items() if places and not places & passed}
        assert not {word for word in words - known if re.search(rf"\b{re.escape(word)}\b", shown)}


@every_route
def test_a_route_has_a_slide_for_each_of_its_figures(route):
    deck = runpy.run_path(str(ROOT / "scripts" / "generate" / "slides.py"))["deck"](route)
    pictures = [output for cell in deck.cells for output in cell.get("outputs", ())]
    assert len(pictures) == sum(len(stop["figures"]) for stop in route["stop"])
    assert all(picture.data.keys() == {"image/png"} for picture in pictures)
