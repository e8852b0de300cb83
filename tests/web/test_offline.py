"""Without a connection, the front page and the pages that were opened are there, whatever headers their host sends."""

import os
import shutil
from http.server import SimpleHTTPRequestHandler

import pytest

from tests.web.opening import IN_A_BROWSER, SITE, Isolating
from tools import browser

pytestmark = IN_A_BROWSER
LESSON = "notebooks/02-black-screen.html"
# The addresses of what is kept, once it is all that the page shows and all that pages share.
KEPT = """async home => {
    const store = await caches.open('site');
    const shown = [...document.images].map(({ src }) => src).filter(address => address.startsWith(home));
    const wanted = [`${home}web/lab/shared.txt?kept`, location.pathname, ...shown];
    const found = await Promise.all(wanted.map(address => store.match(address)));
    return found.every(Boolean) && (await store.keys()).map(({ url }) => url);
}"""
THREADS = """async home => {
    const [{ rows }, { load }] = await Promise.all(['ask', 'network'].map(name => import(`${home}web/lab/${name}.js`)));
    const network = await load((await rows()).find(({ name }) => name === 'SqueezeNet'));
    network.close();
    return network.threads / Math.min(4, navigator.hardwareConcurrency);
}"""
ALIVE = "() => !document.querySelector('[data-island]:not([data-late])')"


@pytest.mark.parametrize("host", [SimpleHTTPRequestHandler, Isolating])
def test_home_and_a_lesson_that_was_opened_are_there_without_a_connection(chromium, site, tmp_path, host):
    """The lesson comes first: its network has threads everywhere, for which a plain host's page loads once more."""
    copy = shutil.copytree(site.parents[1], tmp_path / "host", copy_function=os.link)
    with chromium.new_context() as context:
        page, wrong, loads = context.new_page(), [], []
        page.set_default_timeout(browser.PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("load", lambda _: loads.append(page.url))
        with browser.serving(copy, handler=host) as server:
            home = f"http://127.0.0.1:{server.server_port}{SITE}"
            page.goto(f"{home}{LESSON}?token=secret")
            page.wait_for_function(ALIVE)
            assert page.evaluate(THREADS, home) == 1
            assert len(loads) == (1 if host is Isolating else 2)
            while not (kept := page.evaluate(KEPT, home)):
                page.wait_for_timeout(200)
            assert f"{home}islands/lab.js" in kept and "secret" not in str(kept)
            page.goto(f"{home}web/lab/?network=SqueezeNet")
            page.locator("[data-state=ready]").wait_for()
        for name in ("", LESSON, "index.html"):  # nobody answers now
            page.goto(home + name)
            page.wait_for_function(ALIVE)
            assert page.evaluate("crossOriginIsolated") and page.locator(".island .stage, .island .board").count()
            assert page.evaluate("[...document.images].every(image => image.naturalWidth || !image.complete)")
        page.goto(f"{home}web/lab/?network=SqueezeNet")
        page.locator("[data-state=ready]").wait_for()
        page.goto(f"{home}docs/glossary.html")  # which has not been opened
        page.get_by_role("link").click()
        page.wait_for_url(home)
        newer = copy / SITE.strip("/") / LESSON
        content = newer.read_text(encoding="utf-8").replace("<title>", "<title>New: ")
        newer.unlink()  # it is linked to the other tests' site
        newer.write_text(content, encoding="utf-8")
        with browser.serving(copy, server.server_port, host):
            page.goto(f"{home}{LESSON}")
            assert page.title().startswith("New: ")
        assert not wrong, wrong
