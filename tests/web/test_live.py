"""The live figures: what they show at once, and what a reader gets who goes further, judged by Caffe."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from tests.web.opening import IN_A_BROWSER, PHONE, opened, unfold
from tricknet.island import ISLAND
from tricknet.paths import NOTEBOOKS
from web.pages.figures import FRAMES

pytestmark = IN_A_BROWSER


def asked_for() -> dict[str, dict[int, int]]:
    """Of each page that asks the reader to move sliders: its code cells with sliders, and how many there are."""
    found: dict[str, dict[int, int]] = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        for number, cell in enumerate(cells):
            for moves in (output.get("data", {}).get(ISLAND, {}).get("moves") for output in cell["outputs"]):
                if moves:
                    found.setdefault(path.stem, {})[number] = len(moves)
    return found


# What is seen of a cell: its pictures, or if it has none, its charts and what is said of them.
SEEN = """cell => ['img, canvas', 'svg, [role=status]'].map(kind => [...cell.querySelectorAll(kind)]
    .filter(one => one.checkVisibility()).map(one => one.src ?? one.toDataURL?.() ?? one.innerHTML)
    .join()).find(all => all)"""


@pytest.mark.parametrize("lesson", asked_for())
def test_every_slider_of_the_notebooks_moves_on_its_page_and_none_is_there_twice(chromium, address, lesson):
    with opened(chromium, f"{address}notebooks/{lesson}.html", **PHONE) as page:
        unfold(page)
        for number, count in asked_for()[lesson].items():
            cell = page.locator(".cell").nth(number)
            cell.scroll_into_view_if_needed()
            handle = cell.element_handle()
            page.wait_for_function("cell => !cell.querySelector('[data-island]')", arg=handle)  # an island is there
            sliders = cell.get_by_role("slider").all()
            assert len(sliders) == count
            for slider in sliders:
                before = cell.evaluate(SEEN)
                slider.press("End" if slider.evaluate("one => one.value === (one.min || '0')") else "Home")
                page.wait_for_function(f"([cell, before]) => ({SEEN})(cell) !== before", arg=[handle, before])


@pytest.mark.parametrize("file", sorted(FRAMES.glob("*.webp")), ids=lambda file: file.stem)
def test_a_slider_s_frames_are_those_of_its_cell(file):
    """Where it begins, they say what the stored still says, but for the digits that differ between processors."""
    with Image.open(file) as paper:
        facts = json.loads(paper.info["xmp"])
    (lesson,) = (path for path in NOTEBOOKS.glob("*.ipynb") if file.stem.startswith(path.stem))
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    (cell,) = (cell for cell in cells if file.stem == f"{lesson.stem}-{cell['id']}")
    (still,) = (output["metadata"]["image/png"]["alt"] for output in cell["outputs"] if "image/png" in output["data"])
    first = [places.index(facts["start"][name]) for name, places in facts["places"].items()]
    at = np.ravel_multi_index(first, [len(places) for places in facts["places"].values()])
    if not facts["apart"]:
        assert re.sub(r"\d", "", facts["alts"][at]) == re.sub(r"\d", "", still)


def test_lesson_3_s_pictures_fool_the_network_on_the_page_too(googlenet):
    """A picture that had lost detail would be a panda again."""
    with Image.open(FRAMES / "03-tricks-cell-12.webp") as paper:
        pushed = np.array(paper.convert("RGB")).reshape(-1, 224, 224, 3)
    assert [one.best.name for one in googlenet.predict(list(pushed))] == ["giant panda", *5 * ["vulture"]]
