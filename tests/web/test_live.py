"""The live figures: what they show at once, and what a reader gets who goes further, judged by Caffe."""

import json
import re
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from lessons.survive.survival import moved
from tests.web.opening import IN_A_BROWSER, PHONE, agrees, axe_finds_nothing, opened, pixels, saved, unfold
from tricknet import MEAN, images
from tricknet.attacks import sticker
from tricknet.paths import NOTEBOOKS
from web.pages.build import MOVES
from web.pages.figures import FRAMES
from web.pages.live import FIGURES

pytestmark = IN_A_BROWSER


@contextmanager
def tried(chromium, address, kind, **settings):
    """A page whose reader has come to a live figure; yields it with the figure. No network has been fetched for it."""
    (lesson,) = {figure.lesson for figure in FIGURES if figure.kind == kind}
    with opened(chromium, f"{address}notebooks/{lesson}.html", **settings) as page:
        unfold(page)
        page.evaluate(f"document.querySelector('[data-live={kind}]')?.scrollIntoView()")  # unless it is near already
        board = page.locator(".board").first
        board.wait_for()
        loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        assert not any("/models/" in name for name in loaded), "a network was fetched before it was needed"
        yield page, board


def save(page, board) -> np.ndarray:
    """The picture that the figure's link saves."""
    return saved(page, board.get_by_role("link", name="Save this picture"))[0]


def nothing_bars_anybody(page):
    """Axe finds nothing, and on a telephone nothing is wider than the page."""
    axe_finds_nothing(page, context=".board")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_has_to_be_fetched_is_said_before(site):
    rows = json.loads((site / "web" / "lab" / "networks.json").read_text())
    size = {row["name"]: row["bytes"] / 1e6 for row in rows}
    fashion = size["FashionNet plain"] + size["FashionNet robust"]
    free = {"ab", "sigmoid", "mix"}
    for figure in FIGURES:
        needed = 0 if figure.kind in free else fashion if figure.kind == "fashion" else size["GoogLeNet"]
        assert figure.megabytes == round(needed, 1)


def test_a_network_that_plays_a_or_b_is_always_right(chromium, address, googlenet):
    """It names the picture that is on the page, ten times, and is told what a coin would get, as in Python."""
    from lessons.googlenet.ab import verdict

    with tried(chromium, address, "ab") as (page, board):
        names = set()
        for trial in range(1, 11):
            page.get_by_text(f"Picture {trial} of 10.").wait_for()
            name = googlenet.predict(pixels(board.locator("canvas"))).best.name.removeprefix("giant ")
            names.add(name)
            board.get_by_role("button", name=name).click()
            if trial < 10:
                page.get_by_text(f"{trial} of {trial} right").wait_for()
                board.get_by_role("button", name="Next").click()
        page.get_by_text(verdict(10)).wait_for()
        assert board.get_by_role("button", name="Ten new ones").is_enabled()
        assert names == {"panda", "vulture"}  # which fails once in 512 times
        verdicts = page.evaluate(
            """async () => {
                const { verdict } = await import('../web/pages/live/ab.js');
                return Array.from({ length: 11 }, (_, right) => verdict(right));
            }"""
        )
    assert [one.replace("1 times", "once") for one in verdicts] == [verdict(right) for right in range(11)]


PANDA = images.example("panda")
# What is chosen (a walk begins anew), the slider's place, the caption there, where the picture begins, and how far it
# goes at most.
ANSWERS = [
    ("epsilon", ["the trick"], 3, "epsilon 3\nvulture", PANDA, 3),
    ("slide", [], 1, "moved by 1\ngiant panda", moved(PANDA, 1), 2),
    ("slide", [], 8, "moved by 8\nvulture", moved(PANDA, 8), 2),
    ("slide", ["the sturdy one, epsilon 8"], 1, "moved by 1\nvulture", moved(PANDA, 1), 8),
    ("towel", ["vulture", "paper towel"], 20, "step 20\npaper towel", np.array(MEAN), 1),
    ("dog", ["vulture", "tennis ball"], 30, "step 30\ntennis ball", images.load("german_shepherd"), 2),
    ("dream", ["bison", "volcano"], 12, "step 52\nvolcano", np.array(MEAN), 255),
]


@pytest.mark.parametrize(("kind", "choices", "place", "words", "start", "far"), ANSWERS)
def test_a_figure_leads_to_what_is_asked_for_and_caffe_agrees(
    chromium, address, googlenet, kind, choices, place, words, start, far
):
    with tried(chromium, address, kind) as (page, board):
        agrees(googlenet, save(page, board), board.locator(".after figcaption, figcaption").first.text_content())
        for choice in choices:
            board.get_by_role("combobox").select_option(choice)
        board.get_by_role("slider").fill(str(place))
        caption = board.locator("figcaption", has_text=re.compile(words))
        caption.wait_for(state="attached")
        after = save(page, board)
        agrees(googlenet, after, caption.text_content())
        assert np.abs(after.astype(int) - start).max() <= far
        assert re.search(r" \d+\.\d%", board.locator("svg").get_attribute("aria-label"))  # of the chart


def asked_for() -> dict[str, dict[int, int]]:
    """Of each page that asks the reader to move sliders: its code cells with sliders, and how many there are."""
    found: dict[str, dict[int, int]] = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        for number, cell in enumerate(cells):
            for match in (MOVES.search("".join(o.get("data", {}).get("text/plain", ""))) for o in cell["outputs"]):
                if match:
                    found.setdefault(path.stem, {})[number] = (match[1] or "sticker").count(",") + 1
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


def test_lesson_4_s_sliders_say_what_the_lesson_says(chromium, address):
    """The raccoon's scores, and what its classifier makes of colours."""
    with tried(chromium, address, "sigmoid") as (page, board):
        for pixels_, score, p in [((20, 90, 31, 60, 122), -21, "0.0000%"), ((21, 89, 32, 61, 121), 21, "100.0000%")]:
            for name, value in zip("abcde", pixels_, strict=True):
                board.get_by_role("slider", name=name).fill(str(value))
            said = page.locator("[role=status]").first.inner_text()
            assert f"The score is {score} " in said and p in said
        page.evaluate("document.querySelector('[data-live=mix]')?.scrollIntoView()")
        page.get_by_role("slider", name="red").wait_for()
        colours = {(0, 0, 0): "rocket", (255, 0, 0): "coffee", (0, 255, 0): "dog", (255, 255, 37): "volcano"}
        for colour, name in colours.items():
            for slider, value in zip(("red", "green", "blue"), colour, strict=True):
                page.get_by_role("slider", name=slider).fill(str(value))
            assert page.locator(".board figcaption").inner_text() == name


def test_the_trick_and_the_panda_take_turns_but_not_for_readers_who_ask_for_stillness(chromium, address):
    for motion in ("no-preference", "reduce"):
        with tried(chromium, address, "epsilon", reduced_motion=motion) as (_, board):
            trick, photograph = [board.locator(f".turns > .{kind}") for kind in ("after", "before")]
            board.locator(".turns").wait_for()
            if motion == "reduce":
                assert trick.evaluate("one => getComputedStyle(one).animationName") == "none"
                assert trick.is_visible() and not photograph.is_visible()
            else:
                for one, other in 2 * [(trick, photograph), (photograph, trick)]:  # in turn: one, and then the other
                    one.wait_for(state="visible")
                    assert not other.is_visible()
            board.get_by_label("Show").select_option("the photograph")
            assert photograph.is_visible() and not trick.is_visible()


def test_a_network_that_dies_says_so_and_is_not_waited_for(chromium, address):
    """As on a telephone that has no more memory."""
    with tried(chromium, address, "towel") as (page, board):
        board.get_by_role("slider").press("ArrowLeft")  # where the lesson has stored nothing
        page.locator("[role=status]", has_text="half precision").wait_for()
        (worker,) = page.workers
        worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
        page.locator("[role=status]", has_text="Load the page again.").wait_for()
        page.wrong.clear()


def test_the_walks_on_both_networks_are_python_s(chromium, address, networks):
    """For whoever asks for trousers. (Later, where the last bit of a sum may decide, the plain network's may part.)"""
    from lessons.better.walks import of_equal_length
    from tricknet import fashion_mnist

    with tried(chromium, address, "fashion", **PHONE, color_scheme="dark") as (page, board):
        board.get_by_label("Garment").select_option("T-shirt")
        board.get_by_label("Make it a").select_option("trousers")
        board.get_by_role("slider").fill("5")
        board.locator("figcaption", has_text="step 20").first.wait_for()
        nothing_bars_anybody(page)
        start = fashion_mnist.test_set()[0][[59]]
        for place, name in enumerate(("plain", "robust")):
            model, figure = networks[f"FashionNet {name}"], board.locator("figure").nth(place)
            picture = pixels(figure.locator("canvas"))[..., :1]
            agrees(model, picture, figure.locator("figcaption").inner_text())
            far = of_equal_length(model, start, ["trousers"])[20, 0].astype(int)
            assert np.abs(picture - far).mean() < 1


def test_a_sticker_moves_and_the_picture_saved_is_python_s(chromium, address, googlenet):
    toaster, panda = sticker.ready("toaster"), images.example("panda")
    with tried(chromium, address, "sticker", **PHONE) as (page, board):
        caption = board.locator("figcaption")
        caption.get_by_text("toaster").wait_for()
        before = save(page, board)
        agrees(googlenet, before, caption.inner_text())
        assert np.abs(before.astype(int) - toaster.on(panda, (150, 150), 104)).max() <= 1
        nothing_bars_anybody(page)
        for arrow in 8 * ["ArrowUp"]:
            board.locator("canvas").press(arrow)
        board.get_by_role("slider").fill("30")
        caption.get_by_text("panda").wait_for()
        after = save(page, board)
        assert np.abs(after.astype(int) - toaster.on(panda, (118, 150), 30)).max() <= 1
        board.locator("select").first.select_option("your own")
        own = {"name": "a.png", "mimeType": "image/png", "buffer": images.png(images.example("cat"))}
        board.get_by_label("A picture of your own").set_input_files(own)
        caption.get_by_text("cat").wait_for()
        agrees(googlenet, save(page, board), caption.inner_text())
