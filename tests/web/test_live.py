"""The live figures: what they show after the reader has pressed "Try it here", judged by Caffe."""

import base64
import io
import json
import shutil
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests.web.opening import IN_A_BROWSER, PATIENCE, axe_finds_nothing, opened, unfold
from tricknet import MEAN, images
from tricknet.attacks import sticker
from web.pages.live import FIGURES

pytest.importorskip("furo", reason="Sphinx and its theme are not here: pip install -r requirements/site.txt")
pytestmark = IN_A_BROWSER
PHONE = {"width": 390, "height": 844}
HALF = 0.01  # how far a probability may be from Caffe's: the page has weights in half precision


@pytest.fixture(scope="module")
def whole(site, server, tmp_path_factory):
    """The pages together with the lab, whose networks they ask."""
    folder = tmp_path_factory.mktemp("whole") / "some" / "path"
    shutil.copytree(site, folder)
    (folder / "web" / "lab").symlink_to(server.folder / "some" / "path" / "web" / "lab")
    return folder


@pytest.fixture(scope="module")
def address(whole, serve):
    with serve(whole.parents[1]) as server:
        yield server.address.removesuffix("web/lab/")


@contextmanager
def tried(chromium, address, kind, **settings):
    """A page on which the reader has pressed "Try it here"; yields it with the live figure."""
    (lesson,) = {figure.lesson for figure in FIGURES if figure.kind == kind}
    with opened(chromium, f"{address}notebooks/{lesson}.html", **settings) as page:
        button = page.locator(f".scrub:has(+ [data-live={kind}])").get_by_role("button", name="Try it here")
        unfold(page)
        assert not any("/lab/" in name for name in fetched(page)), "something was loaded before it was asked for"
        button.click()
        board = page.locator(".board")
        board.wait_for()
        assert page.locator(f"[data-live={kind}]").count() == 0
        if kind not in {"ab", "fashion"}:  # all others ask GoogLeNet
            page.get_by_text("half precision").first.wait_for()
        yield page, board


def fetched(page) -> list[str]:
    return page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")


def saved(page, board) -> np.ndarray:
    """The picture that the figure's link saves."""
    with page.expect_download() as download:
        board.get_by_role("link", name="Save this picture").click()
    return np.array(Image.open(io.BytesIO(download.value.path().read_bytes())).convert("RGB"))


def agrees(model, picture, words):
    """Does Caffe say the same about a picture as the page does, as in "vulture 97.4%"?"""
    said, name, p = words.splitlines()[-1], *model.predict(picture).best[1:]
    assert said.startswith(name) and abs(float(said.removeprefix(name).strip(" %")) / 100 - p) < HALF, (said, name, p)


def nothing_bars_anybody(page):
    """Axe finds nothing, and on a telephone nothing is wider than the page."""
    axe_finds_nothing(page, context=".board")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def drawn(canvas) -> np.ndarray:
    """The pixels of a canvas."""
    content = base64.b64decode(canvas.evaluate("canvas => canvas.toDataURL()").partition(",")[2])
    return np.array(Image.open(io.BytesIO(content)).convert("RGB"))


def test_what_has_to_be_fetched_is_said_before(whole):
    rows = json.loads((whole / "web" / "lab" / "networks.json").read_text())
    size = {(row["name"], row["weights"]): row["bytes"] / 1e6 for row in rows}
    fashion = size["FashionNet plain", "exact"] + size["FashionNet robust", "exact"]
    for figure in FIGURES:
        needed = {"ab": 0, "fashion": fashion}.get(figure.kind, size["GoogLeNet", "half"])
        assert figure.megabytes == round(needed, 1)


def test_the_browser_s_own_jpeg_is_for_caffe_what_the_page_says(chromium, address, googlenet):
    with tried(chromium, address, "jpeg") as (page, board):
        for quality, name in ((95, "vulture"), (84, "giant panda")):
            board.get_by_role("slider").fill(str(quality - 70))
            caption = board.locator("figcaption", has_text=f"quality {quality},")
            caption.wait_for()
            words = caption.inner_text()
            assert name in words
            agrees(googlenet, saved(page, board), words)
        board.get_by_role("combobox").select_option(label="the sturdy one, epsilon 8")
        sturdy = board.locator("figcaption", has_text="vulture")
        sturdy.wait_for()
        agrees(googlenet, saved(page, board), sturdy.inner_text())


def test_a_network_that_plays_a_or_b_is_always_right(chromium, address, googlenet):
    """It names the picture that is on the page, ten times, and is told what a coin would get, as in Python."""
    from lessons.googlenet.ab import verdict

    with tried(chromium, address, "ab") as (page, board):
        shown = {}  # what Caffe says about each picture
        for trial in range(1, 11):
            page.get_by_text(f"Picture {trial} of 10.").wait_for()
            picture = drawn(board.locator("canvas"))
            if picture.tobytes() not in shown:
                shown[picture.tobytes()] = googlenet.predict(picture).best.name.removeprefix("giant ")
            name = shown[picture.tobytes()]
            board.get_by_role("button", name=name).click()
            if trial < 10:
                page.get_by_text(f"Right: that was the {name}. So far: {trial} of {trial} right.").wait_for()
                board.get_by_role("button", name="Next").click()
        page.get_by_text("You were right 10 times out of 10. A coin does that well only once in 1024 tests.").wait_for()
        assert board.get_by_role("button", name="Ten new ones").is_enabled()
        assert set(shown.values()) == {"panda", "vulture"}  # which fails once in 512 times
        verdicts = page.evaluate(
            """async () => {
                const { verdict } = await import('../web/pages/live/ab.js');
                return Array.from({ length: 11 }, (_, right) => verdict(right));
            }"""
        )
    assert [one.replace("1 times", "once") for one in verdicts] == [verdict(right) for right in range(11)]


def test_the_trick_within_an_epsilon_is_one_and_takes_turns_with_the_panda(chromium, address, googlenet):
    panda = images.example("panda")
    with tried(chromium, address, "epsilon") as (page, board):
        for place, epsilon in ((3, 3), (0, 0)):
            board.get_by_role("slider").fill(str(place))
            caption = board.locator(".after figcaption", has_text=f"epsilon {epsilon}\n")
            caption.wait_for(state="attached")
            after = saved(page, board)
            agrees(googlenet, after, caption.text_content())
            assert np.abs(after.astype(int) - panda).max() == epsilon
        seen = [board.locator(f".turns > .{kind}") for kind in ("after", "before")]
        for _ in range(2):  # in turn: one, and then the other
            for one, other in (seen, seen[::-1]):
                one.wait_for(state="visible")
                assert not other.is_visible()
        board.get_by_label("Show").select_option("the photograph")
        assert [one.is_visible() for one in seen] == [False, True]


def test_nothing_takes_turns_for_readers_who_ask_for_that(chromium, address):
    with tried(chromium, address, "epsilon", reduced_motion="reduce") as (_, board):
        board.locator(".turns").wait_for()
        assert board.get_by_label("Show").input_value() == "1"
        assert board.locator(".turns > .after").evaluate("one => getComputedStyle(one).animationName") == "none"


WALKS = {  # what is chosen, the place of the slider and its step, where the walk begins, and how far it goes at most
    "towel": ("paper towel", "20", "20", np.array(MEAN), 1),
    "dog": ("tennis ball", "30", "30", images.load("german_shepherd"), 2),
    "dream": ("volcano", "12", "48", np.array(MEAN), 255),
}


@pytest.mark.parametrize("kind", WALKS)
def test_a_walk_leads_to_what_is_asked_for(chromium, address, googlenet, kind):
    """Another class than the one before, so that the walk begins anew. Caffe sees in it what the page does."""
    name, place, step, start, far = WALKS[kind]
    with tried(chromium, address, kind) as (page, board):
        for wanted in ("vulture" if kind != "dream" else "bison", name):
            board.get_by_role("combobox").select_option(wanted)
        board.get_by_role("slider").fill(place)
        caption = board.locator("figcaption", has_text=f"step {step}\n{name}")
        caption.wait_for()
        after = saved(page, board)
        agrees(googlenet, after, caption.inner_text())
        assert np.abs(after.astype(int) - start).max() <= far
        assert f"{name} " in board.locator("svg").get_attribute("aria-label")


def test_a_network_that_dies_says_so_and_is_not_waited_for(chromium, address):
    """As on a telephone that has no more memory."""
    page = chromium.new_context().new_page()  # not `opened`: here something fails
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}notebooks/02-the-black-screen.html")
    unfold(page)
    page.get_by_role("button", name="Try it here").click()
    page.locator(".board figcaption", has_text="%").first.wait_for()
    (worker,) = page.workers
    worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
    page.locator(".board input[type=range]").press("End")
    page.locator("[role=status]", has_text="The network has stopped. Load the page again.").wait_for()
    page.context.close()


def test_the_walks_on_both_networks_are_python_s(chromium, address, networks):
    """For whoever asks for trousers. (Later, where the last bit of a sum may decide, the plain network's may part.)"""
    from lessons.better.walks import of_equal_length
    from tricknet import fashion_mnist

    with tried(chromium, address, "fashion", viewport=PHONE, color_scheme="dark") as (page, board):
        board.get_by_label("Garment").select_option("T-shirt")
        board.get_by_label("Make it a").select_option("trousers")
        board.get_by_role("slider").fill("5")
        board.locator("figcaption", has_text="step 20").first.wait_for()
        nothing_bars_anybody(page)
        start = fashion_mnist.test_set()[0][[59]]
        for place, name in enumerate(("plain", "robust")):
            model, shown = networks[f"FashionNet {name}"], board.locator("figure").nth(place)
            picture = drawn(shown.locator("canvas"))[..., :1]
            agrees(model, picture, shown.locator("figcaption").inner_text())
            far = of_equal_length(model, start, ["trousers"])[20, 0].astype(int)
            assert np.abs(picture - far).mean() < 1


def test_a_sticker_is_dragged_and_the_picture_saved_is_python_s(chromium, address, googlenet):
    toaster, panda = sticker.ready("toaster"), images.example("panda")
    with tried(chromium, address, "sticker", viewport=PHONE) as (page, board):
        canvas, caption = board.locator("canvas"), board.locator("figcaption")
        caption.get_by_text("toaster").wait_for()
        before = saved(page, board)
        agrees(googlenet, before, caption.inner_text())
        assert np.abs(before.astype(int) - toaster.on(panda, (150, 150), 104)).max() <= 1
        nothing_bars_anybody(page)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        scale = box["width"] / 224
        place = lambda row, column: (box["x"] + column * scale, box["y"] + row * scale)  # noqa: E731
        page.mouse.move(*place(150, 150))
        page.mouse.down()
        page.mouse.move(*place(100, 90))
        page.mouse.move(*place(120, 154))
        page.mouse.up()
        canvas.press("ArrowLeft")
        board.get_by_role("slider").fill("30")
        caption.get_by_text("panda").wait_for()
        after = saved(page, board)
        assert np.abs(after.astype(int) - toaster.on(panda, (120, 150), 30)).max() <= 1
        board.locator("select").first.select_option("your own")
        own = images.png(images.example("cat"))
        board.get_by_label("A picture of your own").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": own}
        )
        caption.get_by_text("cat").wait_for()
        agrees(googlenet, saved(page, board), caption.inner_text())
