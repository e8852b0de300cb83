"""Lesson 7's lab in JupyterLab, from an upload to the file that still does it."""

import io
import re

import numpy as np
import pytest

from tests import browser
from tricknet import images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
]
# What screen readers could not name.
NAMELESS = """lab => [...lab.querySelectorAll('select, input, button, img, svg, a')].filter(e => !(
    e.labels?.[0]?.innerText || e.innerText || e.alt || e.title || e.ariaLabel)).map(e => e.outerHTML)"""


def picture(lab, what):
    """The pixels that a right-click saves."""
    return images.load(io.BytesIO(browser.bytes_of(lab.get_by_alt_text(f"{what}: "))))


def test_the_whole_story(tmp_path, googlenet):
    with browser.jupyter(tmp_path) as address, browser.browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        lab = browser.open_cell(page, address, "notebooks/07-lab.ipynb", "Lab(").locator(".lab")
        lab.get_by_text("Ready: panda.").wait_for()
        coffee = images.load("coffee")
        file = {"name": "my cup.png", "mimeType": "image/png", "buffer": images.png(coffee)}
        with page.expect_file_chooser() as chooser:
            lab.get_by_role("button", name="Upload a picture").click()
        chooser.value.set_files(file)
        lab.get_by_text("Ready: my cup (upload 1). The network says").wait_for()
        np.testing.assert_array_equal(picture(lab, "before"), coffee)
        goal = lab.get_by_label("Turn it into")
        for typed, said in (("qqqqq", 'No label has a name like "qqqqq"'), ("tea pot", "teapot"), ("teapo", "teapot")):
            goal.fill(typed)
            goal.press("Tab")
            lab.get_by_text(said).first.wait_for()
        steps = lab.get_by_label("Steps")
        steps.fill("100")
        steps.press("Tab")
        start, stop = (lab.get_by_role("button", name=name, exact=True) for name in ("Start", "Stop"))
        start.click()
        lab.get_by_text(re.compile(r"Step [1-9]\d of 100, towards teapot")).wait_for()
        stop.click()
        lab.get_by_text("no value moved by more than").wait_for()
        now = picture(lab, "now")
        assert 0 < np.abs(now.astype(int) - coffee).max() <= 2
        _, name, p = googlenet.predict(now).best
        answer = lab.get_by_alt_text("now: ").get_attribute("alt").removeprefix("now: ")
        assert answer.startswith(name) and float(answer[len(name) : -1]) == pytest.approx(100 * p, abs=0.2)

        lab.get_by_role("button", name="Save as PNG").click()
        lab.get_by_text("Saved as images/my-cup-to-teapot-eps2.png").wait_for()
        np.testing.assert_array_equal(images.load(tmp_path / "images" / "my-cup-to-teapot-eps2.png"), now)
        lab.get_by_role("button", name="Ask again").click()
        lab.get_by_text(f"Read back from images/my-cup-to-teapot-eps2.png: {answer}. Every value is").wait_for()

        assert lab.evaluate(NAMELESS) == []
