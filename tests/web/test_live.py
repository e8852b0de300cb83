"""The live figures: what they show after the reader has pressed "Try it here", judged by Caffe."""

import io
import json
import shutil
import subprocess
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests.browser import missing
from tests.web.serve import opened, serving
from tricknet.paths import ROOT
from web.pages.live import FIGURES

pytest.importorskip("furo", reason="Sphinx and its theme are not here: pip install -r requirements/site.txt")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=f"NO BROWSER TESTS: {missing()}"),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here: apt-get install npm"),
]
HALF = 0.01  # how far a probability may be from Caffe's: the page has weights in half precision


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory):
    """The pages together with the lab, whose networks they ask."""
    folder = tmp_path_factory.mktemp("whole") / "a" / "b"
    shutil.copytree(site, folder)
    subprocess.run([ROOT / "web" / "build.sh", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def address(whole):
    with serving(whole) as address:
        yield address


@contextmanager
def tried(chromium, address, kind, **settings):
    """A page on which the reader has pressed "Try it here"; yields it with the live figure."""
    (lesson,) = {figure.lesson for figure in FIGURES if figure.kind == kind}
    with opened(chromium, f"{address}notebooks/{lesson}.html", **settings) as page:
        button = page.locator(f".scrub:has(+ [data-live={kind}])").get_by_role("button", name="Try it here")
        assert not any("/lab/" in name for name in fetched(page)), "something was loaded before it was asked for"
        button.click()
        board = page.locator(".board")
        board.wait_for()
        assert page.locator(f"[data-live={kind}]").count() == 0
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
    said, name, p = words.splitlines()[-1], *model.predict(picture).top(1)[0][1:]
    assert said.startswith(name) and abs(float(said.removeprefix(name).strip(" %")) / 100 - p) < HALF, (said, name, p)


def test_what_has_to_be_fetched_is_said_before(whole):
    rows = json.loads((whole / "lab" / "networks.json").read_text())
    sizes = {row["name"]: row["bytes"] / 1e6 for row in rows if row["weights"] == "half"}
    for figure in FIGURES:
        assert figure.megabytes in (0, round(sizes["GoogLeNet"], 1))


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
