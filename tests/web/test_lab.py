"""The lab in a real browser: what a reader does with it, by finger and by keys, and what comes out."""

import io
import shutil
from contextlib import contextmanager

import browser
import numpy as np
import pytest

from tricknet import images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here: apt-get install npm"),
]
pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@contextmanager
def opened(chromium, server, *, small=False, **settings):
    """The lab, once the network has answered. It may ask no other host, and nothing in it may fail.

    small: with SqueezeNet, which is quicker.
    """
    wrong = []
    page = chromium.new_context(**settings or PHONE).new_page()
    page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    page.on(
        "request",
        lambda request: request.url.startswith((server.address, "blob:", "data:")) or wrong.append(request.url),
    )
    page.goto(server.address + ("index.html?network=SqueezeNet" if small else "index.html"))
    says(page, "Ready: this is giant panda")
    yield page
    page.context.close()
    assert not wrong, "an error of the page's own, or a request to another host"


@pytest.fixture
def lab(chromium, server):
    with opened(chromium, server) as page:
        yield page


@pytest.fixture
def small(chromium, server):
    with opened(chromium, server, small=True) as page:
        yield page


def says(lab, words):
    """Wait until the lab's message has these words."""
    lab.locator("#message", has_text=words).wait_for()
    return lab.locator("#message").inner_text()


def saved(lab):
    """The picture that Save gives."""
    with lab.expect_download() as download:
        lab.locator("#save").click()
    return images.load(io.BytesIO(download.value.path().read_bytes()))


def upload(lab, content, name="a.png"):
    lab.locator("#file").set_input_files({"name": name, "mimeType": "", "buffer": content})


def setting(lab, name, value):
    lab.locator("details").evaluate("fold => { fold.open = true; }")
    lab.get_by_label(name, exact=True).fill(str(value))


def shown(lab, canvas):
    """The pixels of a canvas: uint8, 224 x 224 x 3."""
    pixels = lab.locator(f"#{canvas}").evaluate(
        "one => Array.from(one.getContext('2d').getImageData(0, 0, 224, 224).data)"
    )
    return np.array(pixels, np.uint8).reshape(224, 224, 4)[..., :3]


class TestOneScreen:
    def test_a_finger_starts_it_and_the_answer_is_seen_without_scrolling(self, small):
        lab = small
        setting(lab, "Steps", 5)
        lab.get_by_text("Epsilon 2").click()
        lab.get_by_role("button", name="Start").tap()
        says(lab, "→")
        assert lab.evaluate("[scrollX, scrollY, document.documentElement.scrollWidth]") == [0, 0, 390]
        for name in ("#start", "#stop", "#message", "#before", "#after", "#said-before", "#said-after"):
            box = lab.locator(name).bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 844 and box["width"] > 0, name
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390, name
        for button in lab.locator("button:visible, .button:visible, select:visible, input[type=search]").all():
            assert button.bounding_box()["height"] >= 44  # a finger's width

    def test_the_keyboard_alone_reaches_and_runs_everything(self, chromium, server):
        with opened(chromium, server, small=True, viewport={"width": 1280, "height": 800}) as lab:
            focused = "document.activeElement.id || document.activeElement.tagName"
            reached = []
            while lab.evaluate(focused) != "SUMMARY" and len(reached) < 20:
                lab.keyboard.press("Tab")
                reached.append(lab.evaluate(focused))
                if reached[-1] == "settings":
                    break
            lab.keyboard.press("Enter")  # opens the fold
            for _ in range(4):
                lab.keyboard.press("Tab")
                reached.append(lab.evaluate(focused))
            visible = lab.locator("a[href]:visible, button:enabled:visible, select:visible, input:visible, summary")
            assert set(reached) >= {one.get_attribute("id") for one in visible.all()} - {None}
            lab.keyboard.press("Shift+Tab")
            lab.keyboard.press("Shift+Tab")
            lab.keyboard.type("5")  # the steps, which the focus has selected
            assert lab.locator("#settings").inner_text().split(", ")[1] == "5 steps"
            lab.locator("#search").focus()
            lab.keyboard.press("ControlOrMeta+a")
            lab.keyboard.type("teapot")
            lab.keyboard.press("Enter")
            assert "5 steps" in says(lab, "→")
            assert lab.evaluate(focused) == "start"
            lab.keyboard.press("Enter")
            lab.locator("#step", has_text="Step").wait_for()
            assert lab.evaluate(focused) == "stop"
            lab.keyboard.press("Enter")
            assert lab.locator("#start").is_enabled()

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing(self, chromium, server, scheme):
        from axe_playwright_python.sync_playwright import Axe

        with opened(chromium, server, small=True, **PHONE, color_scheme=scheme) as lab:
            assert lab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
                "rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 24, 27)"
            )
            setting(lab, "Steps", 3)
            lab.get_by_role("button", name="Start").click()
            says(lab, "→")
            found = Axe().run(lab).response["violations"]
            assert not [(one["id"], node["html"]) for one in found for node in one["nodes"]]

    def test_only_the_answer_is_read_out_and_not_each_step(self, small):
        small.evaluate(
            """() => {
                window.told = [];
                const tell = () => told.push(document.getElementById('message').textContent);
                new MutationObserver(tell).observe(document.getElementById('message'), { childList: true });
            }"""
        )
        setting(small, "Steps", 8)
        small.get_by_role("button", name="Start").click()
        says(small, "→")
        assert len(small.evaluate("told")) == 2
        assert small.get_by_role("status").inner_text() == small.evaluate("told")[1]
        assert not small.locator("[aria-live], [role=alert], [role=log], output").count()

    def test_who_wants_no_motion_sees_the_pictures_change_once(self, chromium, server):
        with opened(chromium, server, small=True, **PHONE, reduced_motion="reduce") as lab:
            lab.evaluate(
                """() => {
                    window.drawn = 0;
                    const context = document.getElementById('after').getContext('2d');
                    const put = context.putImageData.bind(context);
                    context.putImageData = (...all) => { drawn++; put(...all); };
                }"""
            )
            setting(lab, "Steps", 8)
            lab.get_by_role("button", name="Start").click()
            says(lab, "→")
            assert lab.evaluate("drawn") == 2  # at the start, and at the end


class TestTrick:
    def test_from_start_to_a_saved_picture_that_caffe_calls_a_vulture(self, lab, googlenet):
        lab.get_by_label("Make it a", exact=True).fill("vultr")
        assert lab.locator("#target").evaluate("one => one.selectedOptions[0].text") == "vulture"
        setting(lab, "Steps", 10)
        lab.get_by_role("button", name="Start").click()
        ended = says(lab, "→")
        after = saved(lab)
        panda = images.example("panda")
        assert 0 < np.abs(after.astype(int) - panda).max() <= 2
        said = googlenet.predict(after)
        assert said.top(1)[0][1] == "vulture"
        told = float(ended.split("vulture ")[1].split("%")[0])
        assert abs(100 * said["vulture"] - told) < 1  # the page has half precision
        assert "half precision" in lab.locator("#barred").inner_text()
        upload(lab, images.png(after))
        assert says(lab, "Ready: this is vulture").startswith(f"Ready: this is vulture {told:.1f}")
        np.testing.assert_array_equal(shown(lab, "before"), after)

    def test_stop_keeps_what_was_reached(self, small):
        setting(small, "Steps", 300)
        small.get_by_role("button", name="Start").click()
        small.locator("#step", has_text=" of 300: ").wait_for()
        small.get_by_role("button", name="Stop").click()
        says(small, "→")
        np.testing.assert_array_equal(saved(small), shown(small, "after"))
        assert small.get_by_role("button", name="Start").is_enabled()

    def test_no_class_is_a_sentence(self, small):
        small.get_by_label("Make it a", exact=True).fill("")
        small.get_by_role("button", name="Start").click()
        says(small, 'No class has a name like ""')

    def test_exact_weights_at_a_click(self, small, networks):
        """Half precision is named; without it the answer is Caffe's to the last digit that is shown."""
        assert "half precision" in small.locator("#settings").inner_text()
        small.locator("details").evaluate("fold => { fold.open = true; }")
        small.get_by_label("Exact weights").check()
        said = says(small, "Ready: ")
        _, name, p = networks["SqueezeNet"].predict(images.example("panda")).top(1)[0]
        assert said == f"Ready: this is {name} {p:.1%}."
        assert "exact" in small.locator("#settings").inner_text()
