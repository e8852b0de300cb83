"""A site served two levels below its server's top, as shared hosts do, and a browser's page on it that may not fail."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a site that lies in a folder a/b. Yields its address."""
    handler = functools.partial(Quiet, directory=site.parent.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a/b/"
        server.shutdown()


@contextmanager
def opened(chromium, url: str, **settings) -> Iterator:
    """A page in a context of its own. It may ask its own server only, and nothing in it may fail."""
    context = chromium.new_context(**settings)
    page, wrong = context.new_page(), []
    page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
    own = (url.split("/a/b/")[0] + "/a/b/", "data:", "blob:")
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(own) else None)
    page.on("response", lambda r: wrong.append(f"{r.url}: {r.status}") if r.status >= 400 else None)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    yield page
    assert not wrong
    context.close()
