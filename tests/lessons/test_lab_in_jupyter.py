"""Lesson 7's lab in JupyterLab, from an upload to the file that still does it."""

import io

import numpy as np
import pytest

from tools import browser
from tricknet import images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
]
# What screen readers could not name.
NAMELESS = """lab => [...lab.querySelectorAll('select, input, button, img, svg, a')].filter(e => !(
    e.labels?.[0]?.innerText || e.innerText || e.alt || e.title || e.ariaLabel)).map(e => e.outerHTML)"""


def picture(lab, place):
    """The pixels that a right-click saves."""
    return images.load(io.BytesIO(browser.bytes_of(lab.locator("img").nth(place))))


def test_the_whole_story(tmp_path, googlenet):
    with browser.jupyter(tmp_path) as address, browser.browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        lab = browser.open_cell(page, address, "notebooks/07-lab.ipynb", "Lab(").locator(".lab")
        says = lambda state, fact: lab.locator(f"[data-state={state}]", has_text=fact).wait_for()  # noqa: E731
        says("ready", "panda")
        coffee = images.load("coffee")
        file = {"name": "my cup.png", "mimeType": "image/png", "buffer": images.png(coffee)}
        with page.expect_file_chooser() as chooser:
            lab.get_by_role("button", name="Upload a picture").click()
        chooser.value.set_files(file)
        says("ready", "my cup")
        np.testing.assert_array_equal(picture(lab, 0), coffee)
        goal = lab.get_by_label("Turn it into")
        meant = {"qqqqq": ("failed", "qqqqq"), "tea pot": ("failed", "teapot"), "teapo": ("aimed", "teapot")}
        for typed, said in meant.items():
            goal.fill(typed)
            goal.press("Tab")
            says(*said)
        steps = lab.get_by_label("Steps")
        steps.fill("100")
        steps.press("Tab")
        start, stop = (lab.get_by_role("button", name=name, exact=True) for name in ("Start", "Stop"))
        start.click()
        page.wait_for_function("document.querySelector('.lab polyline')?.points.length > 10")
        stop.click()
        says("done", "teapot")
        now = picture(lab, 2)
        assert 0 < np.abs(now.astype(int) - coffee).max() <= 2
        _, name, p = googlenet.predict(now).best
        answer = lab.locator("img").nth(2).get_attribute("alt").rpartition(": ")[2]
        assert answer.startswith(name) and float(answer[len(name) : -1]) == pytest.approx(100 * p, abs=0.2)

        lab.get_by_role("button", name="Save as PNG").click()
        says("saved", "images/my-cup-to-teapot-eps2.png")
        np.testing.assert_array_equal(images.load(tmp_path / "images" / "my-cup-to-teapot-eps2.png"), now)
        lab.get_by_role("button", name="Ask again").click()
        says("same", answer)

        assert lab.evaluate(NAMELESS) == []
