"""Lesson 7's lab in JupyterLab, from a reader's photograph to the file that still does it."""

import re

import numpy as np

from tests.web.opening import BROWSER, agrees, pixels
from tools import browser
from tricknet import images

pytestmark = BROWSER


def test_the_whole_story(tmp_path, googlenet):
    """A photograph of one's own, Go on, Stop, the file that still does it, and `lab.trick`."""
    with browser.jupyter(tmp_path, "/user/ada/") as address, browser.browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 900})
        lab = browser.open_cell(page, address, "notebooks/07-lab.ipynb", "Lab(").locator(".lab")
        says = lambda state, fact: lab.locator(f".message[data-state={state}]", has_text=fact).wait_for()  # noqa: E731
        says("ready", "panda")
        coffee = images.load("coffee")
        file = {"name": "my cup.png", "mimeType": "image/png", "buffer": images.png(coffee)}
        with page.expect_file_chooser() as chooser:
            lab.get_by_role("button", name="Your own").click()
        chooser.value.set_files(file)
        says("ready", googlenet.predict(coffee).best.name)
        np.testing.assert_array_equal(pixels(lab.locator(".held")), coffee)
        goal, start, stop = lab.locator("[name=target]"), lab.locator(".start"), lab.locator(".stop")
        goal.fill("teapo")
        lab.locator("summary").click()
        lab.locator("[name=steps-trick]").fill("100")
        start.click()
        says("done", "teapot")  # it rests
        lab.locator(".on").click()
        lab.locator(".step", has_text=re.compile(r"Step \d\d ")).wait_for()
        stop.click()
        says("stopped", "teapot")
        now = pixels(lab.locator(".held"))
        assert 0 < np.abs(now.astype(int) - coffee).max() <= 2
        agrees(googlenet, now, answer := lab.locator(".said").inner_text())
        lab.locator(".save").click()
        says("saved", "images/my-cup-to-teapot-eps2.png")
        np.testing.assert_array_equal(images.load(tmp_path / "images" / "my-cup-to-teapot-eps2.png"), now)
        lab.get_by_role("button", name="Ask again").click()
        says("same", answer)
        lab.locator("[name=picture]").select_option("my-cup-to-teapot-eps2")
        says("ready", googlenet.predict(now).best.name)
        np.testing.assert_array_equal(pixels(lab.locator(".held")), now)
