"""What a test in a browser needs: a page of the site on which nothing may fail, what it shows, and what bars nobody."""

import base64
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler

import numpy as np
import pytest
from PIL import Image

from tools import browser
from web.serve import HEADERS

BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
]
IN_A_BROWSER = [
    *BROWSER,
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("clang++-19"), reason="clang is not here: apt-get install clang-19 lld-19"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SITE = "/some/path/"  # where a shared host would have it


class Isolating(SimpleHTTPRequestHandler):
    """Sends files with the headers that web/serve.py sends."""

    def end_headers(self) -> None:
        for header in HEADERS.items():
            self.send_header(*header)
        super().end_headers()


@contextmanager
def opened(chromium, url: str, **settings) -> Iterator:
    """A page in a context of its own. It may ask its own server only, and nothing in it may fail: `wrong` says what."""
    context = chromium.new_context(**{"service_workers": "block"} | settings)  # it would fetch the page's files twice
    page = context.new_page()
    page.wrong = wrong = []
    page.set_default_timeout(browser.PATIENCE)
    own = (url.partition(SITE)[0] + SITE, "data:", "blob:")
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(own) else None)
    page.on("response", lambda r: wrong.append(f"{r.url}: {r.status}") if r.status >= 400 else None)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    yield page
    assert not wrong, wrong
    context.close()


def unfold(page) -> None:
    """Open all folds of a page, as a reader does who has made every guess."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")


def decoded(address: str) -> np.ndarray:
    """The pixels of a picture whose address has its content: uint8, height x width x 3."""
    return np.array(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"))


def pixels(drawn) -> np.ndarray:
    """The pixels of a canvas, or of an image whose address has its content."""
    return decoded(drawn.evaluate("one => one.toDataURL?.() ?? one.src"))


def saved(page, link) -> tuple[np.ndarray, str]:
    """The picture that a link or a button saves, and its file's name."""
    with page.expect_download() as download:
        link.click()
    with Image.open(download.value.path()) as image:
        return np.array(image.convert("RGB")), download.value.suggested_filename


def agrees(model, picture, words: str) -> None:
    """Caffe says the same about a picture as the page's last words, "vulture 97.4%", whose weights may be halves."""
    (name, p), best = words.splitlines()[-1].rstrip(".").rsplit(" ", 1), model.predict(picture).best
    assert name == best.name and abs(float(p[:-1]) / 100 - best.probability) < 0.01


def axe_finds_nothing(page, **options) -> None:
    """In light and in dark."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = Axe().run(page, **options).response["violations"]
        assert not [(one["id"], node["html"]) for one in violations for node in one["nodes"]], scheme
