"""What a test in a browser needs, and a page of the site on which nothing may fail."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import browser
import pytest

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here: apt-get install npm"),
]
PATIENCE = 180_000  # milliseconds: a busy machine is no failure
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SITE = "/some/path/"  # where a shared host would have it
# What a page must refuse: to ask another host, to show what is another host's, and to run what is not the site's own.
TEMPT = """async () => {
    const refused = [];
    addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
    await fetch('http://localhost:9/').catch(() => {});
    const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
    add('img', { src: 'http://localhost:9/a.png' });
    add('script', { textContent: 'window.ran = true' });
    add('iframe', { src: 'http://localhost:9/' });
    for (let i = 0; i < 100 && refused.length < 4; i++) await new Promise(resolve => setTimeout(resolve, 100));
    return [...refused.sort(), String(window.ran)];
}"""
REFUSED = ["connect-src", "frame-src", "img-src", "script-src-elem", "undefined"]


@contextmanager
def opened(chromium, url: str, **settings) -> Iterator:
    """A page in a context of its own. It may ask its own server only, and nothing in it may fail."""
    context = chromium.new_context(**settings)
    page, wrong = context.new_page(), []
    page.set_default_timeout(PATIENCE)
    own = (url.partition(SITE)[0] + SITE, "data:", "blob:")
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(own) else None)
    page.on("response", lambda r: wrong.append(f"{r.url}: {r.status}") if r.status >= 400 else None)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    yield page
    assert not wrong
    context.close()


def unfold(page) -> None:
    """Open all folds of a page, as a reader does who has made every guess."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")


def axe_finds_nothing(page, **options) -> None:
    """In light and in dark."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, **options).response["violations"]
        assert not [(one["id"], node["html"]) for one in found for node in one["nodes"]], scheme
