"""The lab in a real browser: JupyterLab and Voilà, from the first click to the file that still does it."""

import base64
import functools
import io
import re

import browser
import numpy as np
import pytest
from PIL import Image

from tricknet import images, plots
from tricknet.attacks import sticker as stickers
from tricknet.attacks.dream import noise

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def address(folder):
    with browser.jupyter(folder) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with browser.browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def opened(chromium, address):
    """Opens the lab at JUPYTERLAB or VOILA, in a page of its own."""
    wrong = []  # what goes wrong in the pages' own code

    def opened(where, **options):
        page = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}} | options).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return browser.open_lab(page, address, where)

    yield opened
    assert not wrong


@pytest.fixture(scope="module")
def shared(opened):
    """The pages that tests share, because each takes a while to open."""
    return functools.cache(opened)


@pytest.fixture(params=[browser.JUPYTERLAB, browser.VOILA], ids=["JupyterLab", "Voila"])
def where(request):
    return request.param


@pytest.fixture
def lab(shared, where):
    return shared(where)


@pytest.fixture
def voila(shared):
    """The lab on the faster of its pages."""
    return shared(browser.VOILA)


def begin(lab):
    """The panda, in the first mode."""
    lab.get_by_label("Trick", exact=True).check()
    choose(lab, "coffee", "espresso")  # a picture that is chosen already says nothing
    choose(lab, "panda", "giant panda")


def start(lab, goal=None):
    if goal:
        lab.get_by_label("Search the 1000 classes").fill(goal)
        lab.locator(".tn-go").get_by_text("Goal: ").wait_for()
    lab.get_by_role("button", name="Start").click()


def watch(lab):
    """Have the page note each length that the curves take, and the bytes of each picture that is shown as "now"."""
    lab.evaluate(
        """lab => {
            window.seen = new Set();
            window.shown = [];
            new MutationObserver(() => window.seen.add(Number(lab.querySelector('svg')?.dataset.steps)))
                .observe(lab, {childList: true, subtree: true});
            const now = lab.querySelectorAll('.tn-picture img')[2];
            new MutationObserver(() => window.shown.push(fetch(now.src).then(answer => answer.arrayBuffer()).then(
                bytes => btoa(Array.from(new Uint8Array(bytes), byte => String.fromCharCode(byte)).join('')))))
                .observe(now, {attributeFilter: ['src']});
        }"""
    )


def drawn(page):
    """Every picture that `watch` has seen as "now"."""
    return [np.array(Image.open(io.BytesIO(base64.b64decode(b)))) for b in page.evaluate("Promise.all(window.shown)")]


def moments(lab):
    return int(lab.locator("svg").get_attribute("data-steps"))


def result(lab):
    """The sentence at the end of a run."""
    lab.locator(".tn-go").get_by_text("→").wait_for()
    return lab.locator(".tn-go .tn-message").text_content()


def said(lab, caption):
    return lab.locator(".tn-picture", has_text=re.compile(f"^{caption}")).locator(".tn-said").text_content()


def shown(lab, caption):
    """The pixels of a picture, which is a PNG and shown at a pixel of the page for each of its own."""
    picture = lab.locator(".tn-picture", has_text=re.compile(f"^{caption}")).locator("img")
    assert picture.evaluate(
        """async i => {
            if (!i.complete) await new Promise(loaded => i.onload = loaded)
            return [i.naturalWidth, i.naturalHeight, i.clientWidth, i.clientHeight, getComputedStyle(i).imageRendering]
        }"""
    ) == [224, 224, 224, 224, "pixelated"]
    return np.array(Image.open(io.BytesIO(browser.bytes_of(picture)), formats=["PNG"]))


def choose(lab, name, label=""):
    lab.get_by_label("One of these").select_option(name)
    lab.get_by_text(f"Ready: {name.replace('_', ' ')}. The network says {label}").wait_for()


@pytest.fixture
def upload(tmp_path):
    """Uploads a file with such a name and content to a lab."""

    def upload(lab, name, content):
        (tmp_path / name).write_bytes(content)
        with lab.page.expect_file_chooser() as chooser:
            lab.get_by_role("button", name="Upload a picture").click()
        chooser.value.set_files(tmp_path / name)

    return upload


def encoded(picture, kind="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind)
    return buffer.getvalue()


def test_the_whole_story(opened, shared, folder, googlenet, upload, where):
    lab = opened(where)
    page = lab.page
    code = page.locator(".jp-InputArea-editor:visible").count()
    assert code == 0 if where == browser.VOILA else code > 0

    # A file of one's own
    upload(lab, "my bin.png", (folder / "images" / "wheelie_bin.png").read_bytes())
    lab.get_by_text("Ready: my bin.png (uploaded).").wait_for()
    assert said(lab, "before").startswith(("ashcan", "bucket"))

    # Panda to vulture, found by a slip of the fingers, and seen on the way
    choose(lab, "panda", "giant panda")
    lab.get_by_label("Search the 1000 classes").fill("vultr")
    lab.get_by_label("Classes found").locator("option", has_text="vulture").wait_for(state="attached")
    first = lab.locator(".tn-picture img").nth(2).get_attribute("src")
    watch(lab)
    start(lab, "vultr")
    assert result(lab).startswith("giant panda")
    assert len({n for n in page.evaluate("[...window.seen]") if n}) >= 4  # the curves moved
    assert moments(lab) == 31 and said(lab, "now").startswith("vulture")
    assert lab.locator(".tn-bars li").first.text_content().startswith("vulture")
    assert lab.locator(".tn-picture img").nth(2).get_attribute("src") != first
    vulture = said(lab, "now")

    # Kept: in images/, as a download, and read back
    lab.get_by_role("button", name="Save into images/").click()
    lab.get_by_text("Saved as images/").wait_for()
    name = lab.locator(".tn-live .tn-message").last.text_content().removeprefix("Saved as images/").removesuffix(".")
    assert name.startswith("panda-to-vulture-eps2")
    lab.get_by_role("button", name="Reload it and ask").click()
    lab.get_by_text(f"Read back from images/{name}: {vulture}. Every pixel is as it was.").wait_for()
    with page.expect_download() as download:
        lab.get_by_role("link", name="Download the PNG").click()
    assert download.value.suggested_filename == "panda-to-vulture-eps2.png"
    saved = images.load(folder / "images" / name)
    np.testing.assert_array_equal(images.load(download.value.path()), saved)
    panda = images.load(folder / "images" / "panda.jpg").astype(int)
    change = saved - panda
    assert 0 < np.abs(change).max() <= 2

    # What is seen is what the network was shown: its bytes, saved by a right click, are the vulture
    np.testing.assert_array_equal(shown(lab, "before"), panda)
    np.testing.assert_array_equal(shown(lab, "now"), saved)
    np.testing.assert_array_equal(shown(lab, "the perturbation"), plots.signed(change, 2))
    seen = drawn(page)
    assert len(seen) >= 3 and all(np.abs(now - panda).max() <= 2 for now in seen)
    np.testing.assert_array_equal(seen[-1], saved)
    for caption in ("before", "now"):
        _, name_of, p = googlenet.predict(shown(lab, caption)).best
        assert said(lab, caption).startswith(name_of)
        assert float(said(lab, caption).split()[-1].rstrip("%")) == pytest.approx(100 * p, abs=0.2)

    # Another run, stopped midway
    lab.get_by_label("Steps", exact=True).fill("100")
    lab.get_by_label("Steps", exact=True).press("Tab")
    start(lab, "teapot")
    lab.get_by_text(re.compile(r"^Step [1-9]\d* of 100, towards teapot")).wait_for()
    lab.get_by_role("button", name="Stop").click()
    sentence = result(lab)
    assert re.search(rf"\b{moments(lab) - 1} steps", sentence) and 2 <= moments(lab) <= 100
    lab.locator("button:enabled", has_text="Start").wait_for()

    # A new page on another day: the file is still a vulture
    page.context.close()
    lab = shared(where)
    choose(lab, name.removesuffix(".png"), "vulture")
    assert said(lab, "before") == vulture


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"
NOISE = encoded(np.random.default_rng(0).integers(0, 256, (99, 99, 3), np.uint8))
BOMB = encoded(np.zeros((20_000, 20_000), bool))


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("IMG_1.HEIC", HEIC, "IMG_1.HEIC is in HEIC"),
        ("notes.txt", b"not a picture", "notes.txt is not a picture that can be read here."),
        ("half.png", NOISE[: len(NOISE) // 2], "half.png is damaged or incomplete"),
        ("bomb.png", BOMB, "bomb.png unpacks to far too many pixels."),
        ("big.jpg", b"\xff" * 31_000_000, "The file big.jpg is 31 MB, and the lab takes at most 30 MB."),
        ("<b>bold.txt", b"", "<b>bold.txt is not a picture"),
    ],
    ids=["HEIC", "text", "half", "bomb", "big", "name"],
)
def test_each_bad_upload_shows_its_sentence(voila, upload, name, content, sentence):
    upload(voila, name, content)
    voila.get_by_role("alert").filter(has_text=sentence).wait_for()
    assert voila.page.get_by_text("Traceback").count() == 0
    # and the lab goes on
    upload(voila, "noise.png", NOISE)
    voila.get_by_text("Ready: noise.png (uploaded).").wait_for()


@pytest.mark.parametrize("megabytes", [60, 120])  # Jupyter takes messages of up to 100
def test_a_huge_upload_gets_a_sentence_and_not_a_dead_page(voila, upload, megabytes):
    upload(voila, "huge.jpg", bytes(megabytes * 1_000_000))
    sentence = f"The file huge.jpg is {megabytes} MB, and the lab takes at most 30 MB."
    voila.get_by_role("alert").filter(has_text=sentence).wait_for()
    upload(voila, "noise.png", NOISE)
    voila.get_by_text("Ready: noise.png (uploaded).").wait_for()


def test_a_large_photograph_gets_through(voila, upload):
    picture = np.random.default_rng(0).integers(0, 256, (2200, 2200, 3), np.uint8)
    content = encoded(picture)
    assert len(content) > 11_000_000  # more than Jupyter lets through by itself
    upload(voila, "large.png", content)
    voila.get_by_text("Ready: large.png (uploaded).").wait_for()


def test_the_keyboard_does_it_all(voila):
    page = voila.page
    begin(voila)
    voila.get_by_label("Steps", exact=True).fill("3")
    voila.get_by_label("Search the 1000 classes").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("tennis b")
    voila.get_by_text("Goal: tennis ball").wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Start":
            break
    page.keyboard.press("Enter")
    assert "in 3 steps" in result(voila)


def test_everything_has_a_name(voila):
    """What screen readers say: no control and no picture without words. Sliders double a number that has a label."""
    nameless = voila.evaluate(
        """lab => [...lab.querySelectorAll('select, input, button, img, svg, a')].filter(e => !(
            e.labels?.[0]?.innerText || e.innerText || e.alt || e.title || e.ariaLabel)).map(e => e.outerHTML)"""
    )
    assert nameless == []


def test_links_lead_to_the_lessons(voila, folder):
    links = voila.locator("a[target=_blank]")
    addresses = links.evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert len(addresses) >= 5
    for path in addresses:
        assert path.startswith("/lab/tree/notebooks/")
        assert (folder / path.removeprefix("/lab/tree/")).exists(), path


def outside(lab, width):
    """What sticks out of a screen so wide (in pixels)."""
    lab.page.set_viewport_size({"width": width, "height": 844})
    found = lab.evaluate(
        """async (lab, width) => {
            while (innerWidth !== width) await new Promise(requestAnimationFrame);
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return [...lab.querySelectorAll('select, input, button, img, svg, a, .tn-message, .tn-bars')]
                .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.left < 0 || box.right > width)).map(([html]) => html);
        }""",
        width,
    )
    lab.page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280])
def test_it_fits_the_screen(voila, width):
    assert outside(voila, width) == []


@pytest.mark.parametrize("mode, picture", [("Trick", "now"), ("Dream", "now"), ("Sticker", "with the sticker")])
def test_on_a_telephone_start_and_both_pictures_are_on_one_screen(voila, mode, picture):
    begin(voila)
    voila.get_by_label(mode, exact=True).check()
    voila.page.set_viewport_size({"width": 390, "height": 664})  # what a browser leaves of 390 x 844
    voila.page.wait_for_function("document.querySelector('.tn-go').getBoundingClientRect().width < 390")
    pictures = [voila.locator(".tn-picture", has_text=re.compile(f"^{what}")) for what in ("before", picture)]
    found = [part.bounding_box() for part in (voila, voila.locator(".tn-go"), *pictures)]
    voila.page.set_viewport_size({"width": 1280, "height": 800})
    assert [box["y"] for box in found] == sorted(box["y"] for box in found)
    assert found[-1]["y"] + found[-1]["height"] - found[0]["y"] < 664


# Dreams


def test_it_dreams(lab, folder, googlenet):
    page = lab.page
    lab.get_by_label("Dream", exact=True).check()
    lab.get_by_text("Ready: noise. The network says ").wait_for()
    np.testing.assert_array_equal(shown(lab, "before"), noise())
    assert not lab.get_by_label("One of these").is_visible() and not lab.get_by_label("Epsilon").is_visible()

    # A few steps to the end: every picture on the way is seen, and the last can be downloaded
    lab.get_by_label("Steps", exact=True).fill("40")
    lab.get_by_label("Steps", exact=True).press("Tab")
    watch(lab)
    start(lab, "paper towel")
    assert result(lab).endswith("in 40 steps, dreaming of paper towel.")
    seen = drawn(page)
    assert len({picture.tobytes() for picture in seen}) >= 3
    now = shown(lab, "now")
    np.testing.assert_array_equal(seen[-1], now)
    _, name, p = googlenet.predict(now).best
    assert said(lab, "now").startswith(name)
    assert float(said(lab, "now").split()[-1].rstrip("%")) == pytest.approx(100 * p, abs=0.2)
    with page.expect_download() as download:
        lab.get_by_role("link", name="Download the PNG").click()
    assert download.value.suggested_filename == "dream-of-paper-towel-seed0.png"
    np.testing.assert_array_equal(images.load(download.value.path()), now)

    # Many steps, stopped: what is seen is kept
    lab.get_by_label("Steps", exact=True).fill("500")
    lab.get_by_label("Steps", exact=True).press("Tab")
    start(lab)
    lab.get_by_text(re.compile(r"^Step [1-9]\d* of 500, dreaming of paper towel")).wait_for()
    lab.get_by_role("button", name="Stop").click()
    assert re.search(r"in [1-9]\d{0,2} steps", result(lab))
    lab.get_by_role("button", name="Save into images/").click()
    lab.get_by_text("Saved as images/").wait_for()
    name = lab.locator(".tn-live .tn-message").last.text_content().removeprefix("Saved as images/").removesuffix(".")
    assert name.startswith("dream-of-paper-towel-seed0")
    np.testing.assert_array_equal(images.load(folder / "images" / name), shown(lab, "now"))
    lab.get_by_role("button", name="Reload it and ask").click()
    lab.get_by_text(f"Read back from images/{name}: {said(lab, 'now')}. Every pixel is as it was.").wait_for()


def test_a_picture_dreams_of_a_channel_by_keyboard_alone(voila):
    page = voila.page
    begin(voila)

    def tab_to(label):
        voila.get_by_label(label, exact=True).or_(voila.get_by_role("button", name=label)).wait_for()
        for _ in range(20):
            page.keyboard.press("Tab")
            found = page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText")
            if found == label:
                return
        raise AssertionError(f"The Tab key does not lead to {label}.")

    voila.get_by_label("Trick", exact=True).focus()
    page.keyboard.press("ArrowRight")
    voila.get_by_text("Ready: noise.").wait_for()
    tab_to("Begin with")
    page.keyboard.press("ArrowDown")
    voila.get_by_text("Ready: panda.").wait_for()
    tab_to("Dream of")
    page.keyboard.press("End")
    tab_to("Search the layers")
    page.keyboard.type("4c/output")
    voila.get_by_text("Goal: inception_4c/output.").wait_for()
    tab_to("Channel")
    page.keyboard.press("Control+a")
    page.keyboard.type("600")
    tab_to("Steps")
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    tab_to("Start")
    page.keyboard.press("Enter")
    sentence = "inception_4c/output has 512 channels, numbered 0 to 511: there is no channel 600."
    voila.get_by_role("alert").filter(has_text=sentence).wait_for()
    assert outside(voila, 390) == []

    voila.get_by_label("Channel").fill("100")
    voila.get_by_label("Channel").press("Tab")
    tab_to("Start")
    page.keyboard.press("Enter")
    assert result(voila).endswith("in 4 steps, dreaming of channel 100 of inception_4c/output.")
    assert outside(voila, 390) == []
    assert (shown(voila, "now") != shown(voila, "before")).any()
    link = voila.get_by_role("link", name="Download the PNG")
    assert link.get_attribute("download") == "panda-dream-of-channel-100-of-inception-4c-output-seed0.png"
    test_everything_has_a_name(voila)
    voila.get_by_label("Trick", exact=True).check()
    voila.get_by_text("Ready: panda.").wait_for()


# Stickers

SEEN = """board => {
    window.shown = [];
    new MutationObserver(() => {
        const image = board.querySelector('img');
        const canvas = Object.assign(document.createElement('canvas'), {width: 224, height: 224});
        image.decode().then(() => {
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            window.shown.push([...context.getImageData(0, 0, 224, 224).data].join());
        }, () => {});  // the next picture has come already
    }).observe(board.querySelector('img'), {attributeFilter: ['src']});
}"""


def sticker(lab, name="toaster"):
    """The board with the panda and a sticker, once the network has answered."""
    begin(lab)
    lab.get_by_label("Sticker", exact=True).check()
    lab.get_by_text("Drag the sticker, or move it with the arrow keys.").wait_for()
    lab.get_by_label("Stick on").select_option(name)
    board = lab.locator(".tn-board")
    board.scroll_into_view_if_needed()
    return board


def settled(lab, row, column, name="toaster"):
    """Wait until the sticker is in its place, and give the picture, which is what the network was asked about."""
    panda = images.load(browser.ROOT / "images" / "panda.jpg")
    wanted = stickers.ready(name).on(panda, (row, column), stickers.SIDE)
    for _ in range(100):
        now = shown(lab, "with the sticker")
        if np.array_equal(now, wanted):
            return now
        lab.page.wait_for_timeout(100)
    raise AssertionError(f"The sticker is not at {row}, {column}.")


def agrees(lab, now, googlenet):
    """Do the words and the first bar say what the network says about this very picture? They come a moment later."""
    _, name, p = googlenet.predict(now).best
    lab.locator(".tn-bars li").first.filter(has_text=name).wait_for()
    for text in (said(lab, "with the sticker"), lab.locator(".tn-bars li").first.text_content()):
        assert text.startswith(name) and float(text.removeprefix(name).rstrip("%")) == pytest.approx(100 * p, abs=0.2)


def test_a_sticker_follows_the_mouse_and_the_arrow_keys(lab, folder, googlenet):
    page = lab.page
    board = sticker(lab)
    agrees(lab, settled(lab, 112, 112), googlenet)
    assert not lab.get_by_role("button", name="Start").is_visible() and not lab.get_by_label("Epsilon").is_visible()

    # Held off its centre, it does not jump; beyond the edge, its centre stays on the picture.
    box = board.bounding_box()
    board.evaluate(SEEN)
    page.mouse.move(box["x"] + 122, box["y"] + 102)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 170, steps=20)
    settled(lab, 180, 50)
    page.mouse.move(box["x"] - 80, box["y"] + 90, steps=5)
    page.mouse.up()
    now = settled(lab, 100, 0)
    agrees(lab, now, googlenet)
    seen = page.evaluate("new Set(window.shown).size")
    assert seen >= 4  # it was seen on its way
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.wait_for_timeout(300)
    np.testing.assert_array_equal(settled(lab, 100, 0), now)  # it has been let go

    # The keys move it, and neither the page nor JupyterLab's choice of a cell.
    for key in ["ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowUp"]:
        page.keyboard.press(key)
    agrees(lab, settled(lab, 107, 4), googlenet)
    assert board.bounding_box() == box and board.evaluate("board => board === document.activeElement")

    # Kept, and read back
    lab.get_by_role("button", name="Save into images/").click()
    lab.get_by_text("Saved as images/panda-with-toaster").wait_for()
    name = lab.locator(".tn-live .tn-message").last.text_content().removeprefix("Saved as images/").removesuffix(".")
    np.testing.assert_array_equal(images.load(folder / "images" / name), shown(lab, "with the sticker"))


def test_a_sticker_follows_a_finger_and_the_page_does_not(opened, googlenet):
    lab = opened(browser.VOILA, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    board = sticker(lab)
    box = board.bounding_box()
    fingers = lab.page.context.new_cdp_session(lab.page)

    def touch(kind, *at):
        points = [{"x": box["x"] + x, "y": box["y"] + y} for y, x in at]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (112, 112))
    for n in range(1, 11):
        touch("touchMove", (112 - 6 * n, 112 + 5 * n))
    touch("touchEnd")
    agrees(lab, settled(lab, 52, 162), googlenet)
    assert board.bounding_box() == box  # the page has not scrolled
    assert outside(lab, 390) == []
    test_everything_has_a_name(lab)
