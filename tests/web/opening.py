"""A page of the site in a browser, on which nothing may fail."""

from collections.abc import Iterator
from contextlib import contextmanager

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
    page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
    own = (url.partition(SITE)[0] + SITE, "data:", "blob:")
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(own) else None)
    page.on("response", lambda r: wrong.append(f"{r.url}: {r.status}") if r.status >= 400 else None)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    yield page
    assert not wrong
    context.close()
