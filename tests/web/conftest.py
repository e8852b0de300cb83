"""What the tests of the site share: the pages and the lab, built once, a server, and a browser."""

import contextlib
import functools
import http.server
import subprocess
import sys
import threading

import browser
import pytest

from tricknet.paths import ROOT

# The camera shows a green picture, in which something moves. Who has not been allowed to use it is refused, not asked.
CAMERA = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files without headers of its own, says nothing, and notes which files it has sent."""

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # a page was closed in the middle of a download
            super().copyfile(source, outputfile)
            self.server.sent.append(self.path)


@contextlib.contextmanager
def serving(folder, port=0):
    """A host of a folder that has the site below a path, as shared hosts do, until the end of the with block."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.address, server.sent = f"http://127.0.0.1:{server.server_port}/some/path/", []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture(scope="session")
def serve():
    """`serving`, for a test that needs a host of its own."""
    return serving


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages and the lab, two folders below that of their server. Sphinx fails at a link that leads nowhere."""
    pytest.importorskip("myst_nb", reason="pip install -r requirements/dev.txt")
    folder = tmp_path_factory.mktemp("site") / "some" / "path"
    for command in ([sys.executable, "-m", "web.pages.build", folder], [ROOT / "web" / "build.sh", folder]):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="session")
def address(site):
    with serving(site.parents[1]) as server:
        yield server.address


@pytest.fixture(scope="module")  # a file may run another browser, and Playwright runs once at a time
def chromium():
    with browser.browser(*CAMERA) as chromium:
        yield chromium
