"""What the tests of the site share: the lab and the pages, each built once, a server, and a browser."""

import contextlib
import functools
import http.server
import subprocess
import sys
import threading

import browser
import pytest

from tricknet.paths import ROOT


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder below a path of its own, as shared hosts do, and notes what was asked for and sent."""

    def __init__(self, folder, port=0):
        self.folder, self.asked, self.sent = folder, [], []
        super().__init__(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}/some/path/web/lab/"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # a page was closed in the middle of a download
            super().copyfile(source, outputfile)
            self.server.sent.append(self.path)


@contextlib.contextmanager
def serving(folder, port=0):
    """A host that sends no headers of its own, until the end of the with block."""
    with Server(folder, port) as server:
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
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([ROOT / "web" / "build.sh", folder / "some" / "path"], check=True, capture_output=True)
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages, in a folder two levels below that of their server. Sphinx fails at a link that leads nowhere."""
    folder = tmp_path_factory.mktemp("pages") / "some" / "path"
    command = [sys.executable, "-m", "web.pages.build", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")  # a file may run another browser, and Playwright runs once at a time
def chromium():
    with browser.browser() as chromium:
        yield chromium
