"""The live figures: what they show at once, and what a reader gets who goes further, judged by Caffe."""

import json
import re
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests.facts import numbers
from tests.web.opening import IN_A_BROWSER, PHONE, agrees, axe_finds_nothing, opened, pixels, saved, unfold
from tricknet import MEAN, images
from tricknet.island import ISLAND
from tricknet.paths import NOTEBOOKS
from web.pages.figures import FRAMES

pytestmark = IN_A_BROWSER


@contextmanager
def tried(chromium, address, lesson, **settings):
    """A page with a live figure; yields it with the figure. No network has been fetched for it."""
    with opened(chromium, f"{address}notebooks/{lesson}.html", **settings) as page:
        unfold(page)
        board = page.locator(".board").first
        board.wait_for()
        loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        assert not any("/models/" in name for name in loaded), "a network was fetched before it was needed"
        yield page, board


def save(page, board) -> np.ndarray:
    """The picture that the figure's link saves."""
    return saved(page, board.locator("a[download]"))[0]


def said(page) -> str:
    """What the first live figure tells a screen reader."""
    return page.locator(".live > [role=status]").first.inner_text()


def nothing_bars_anybody(page):
    """Axe finds nothing, and on a telephone nothing is wider than the page."""
    axe_finds_nothing(page, context=".board")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# A walk's lesson, where it begins, and how far it goes at most; then what is chosen, after which it begins anew.
WALKS = [
    ("02-black-screen", np.array(MEAN), 1, "paper towel", ["vulture", "paper towel"]),
    ("06-dogs", images.load("german_shepherd"), 2, "tennis ball", ["teapot"]),
]


@pytest.mark.parametrize(("lesson", "start", "far", "first", "choices"), WALKS)
def test_a_walk_leads_to_what_is_asked_for_and_caffe_agrees(
    chromium, address, googlenet, lesson, start, far, first, choices
):
    """First the lesson's, of which every place is there before a network is."""
    with tried(chromium, address, lesson) as (page, board):
        assert 14.5 in numbers(said(page))  # MB, which the network takes
        slider, caption = board.get_by_role("slider"), board.locator("figcaption").nth(1)
        last = slider.get_attribute("max")
        for target in [first, *choices]:
            if page.workers or target != first:
                board.get_by_role("combobox").select_option(target)
                board.locator("[aria-busy=false]").wait_for()
            for place in (last, "9"):
                slider.fill(place)
                board.locator(f"output:text-is('{place}')").wait_for()
                assert int(place) in numbers(caption.text_content().splitlines()[0])
                after = save(page, board)
                agrees(googlenet, after, caption.text_content())
                assert np.abs(after.astype(int) - start).max() <= far
                chart = board.locator("svg").get_attribute("aria-label")
                assert int(place) in numbers(chart) and f"{target} " in chart
                assert place == "9" or caption.text_content().splitlines()[-1].startswith(target)


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
            page.wait_for_function("cell => !cell.querySelector('[data-live]')", arg=handle)  # a live figure is there
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


def test_a_network_that_dies_says_so_and_is_not_waited_for(chromium, address):
    """As on a telephone that has no more memory."""
    with tried(chromium, address, "02-black-screen") as (page, board):
        page.route("**/models/*", lambda route: route.abort())
        before, choose = said(page), board.get_by_role("combobox").select_option
        choose("wool")
        board.locator("option:checked", has_text="paper towel").wait_for(state="attached")
        assert said(page) != before
        assert board.locator("figcaption").nth(1).inner_text().splitlines()[1].startswith("paper towel")
        page.unroute("**/models/*")
        choose("wool")
        board.locator("figcaption", has_text="wool").wait_for()
        (worker,) = page.workers
        worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
        page.locator(".live > [role=status]", has_text="out of memory").wait_for()
        page.wrong.clear()


def test_the_walks_on_both_networks_are_python_s(chromium, address, networks):
    """For whoever asks for trousers. (Later, where the last bit of a sum may decide, the plain network's may part.)"""
    from lessons.better_network.drawings import of_equal_length
    from tricknet import fashion_mnist

    with tried(chromium, address, "14-better-network", **PHONE, color_scheme="dark") as (page, board):
        assert 2.5 in numbers(said(page))  # MB, of both networks
        for choice, name in enumerate(("T-shirt", "trousers")):
            board.locator("select").nth(choice).select_option(name)
        board.locator("[aria-busy=false]").wait_for()
        board.get_by_role("slider").fill("5")
        board.locator("output:text-is('20')").wait_for()
        nothing_bars_anybody(page)
        start = fashion_mnist.test_set()[0][[59]]
        for place, name in enumerate(("plain", "robust")):
            model, figure = networks[f"FashionNet {name}"], board.locator("figure").nth(place)
            picture = pixels(figure.locator("img"))[..., :1]
            agrees(model, picture, figure.locator("figcaption").inner_text())
            far = of_equal_length(model, start, ["trousers"])[20, 0].astype(int)
            assert np.abs(picture - far).mean() < 1
