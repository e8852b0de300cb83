"""The site as the image has it, served so that a browser gets every byte as it was."""

import http.client
import re
import shutil
import signal
import subprocess
import sys

import pytest

from tests.web.opening import IN_A_BROWSER
from tests.web.test_offline import KEPT
from tools import browser
from tricknet.paths import ROOT

pytestmark = IN_A_BROWSER
KINDS = {".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm"}


@pytest.fixture(scope="module")
def port(site):
    """Of a server that runs, until Ctrl-C ends it."""
    command = [sys.executable, "-m", "web.serve", site, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        yield int(re.search(r"http://127\.0\.0\.1:(\d+)/", server.stdout.readline())[1])
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0


def ask(port, path, method="GET", **headers):
    """The whole answer: (status, headers, content)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_every_file_arrives_as_it_was_of_its_kind_isolated_and_only_once(site, port):
    files = [path for path in site.rglob("*") if path.is_file()]
    for path in files:
        status, headers, content = ask(port, f"/{path.relative_to(site)}")
        assert (status, content) == (200, path.read_bytes()), path
        assert int(headers["Content-Length"]) == len(content)
        assert headers["Content-Type"] == KINDS.get(path.suffix, headers["Content-Type"])
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert headers["Cache-Control"] == "no-cache"  # ask again, which takes no content
    again = ask(port, f"/{path.relative_to(site)}", If_Modified_Since=headers["Last-Modified"])
    assert again[0] == 304 and again[2] == b""
    assert ask(port, f"/{path.relative_to(site)}", "HEAD")[1]["Content-Length"] == str(len(content))


def test_jupyter_has_the_site_under_its_own_address(site, tmp_path, monkeypatch):
    """As under a Hub. The service worker keeps no token, and asks Jupyter first: whoever has no token gets nothing."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "web", project / "web", ignore=shutil.ignore_patterns("node_modules", "site"))
    (project / "site").symlink_to(site)
    monkeypatch.setenv("PYTHONPATH", f"{project}:{ROOT}")
    with browser.jupyter(tmp_path / "lessons", base="/user/ada/") as address, browser.browser() as chromium:
        stranger = chromium.new_page().goto(address.format("site/web/lab/").partition("?")[0])
        assert "/user/ada/login" in stranger.url
        lab = chromium.new_page()
        lab.set_default_timeout(180_000)
        lab.goto(address.format("site/web/lab/"))
        lab.locator(".message[data-state=ready]", has_text="giant panda").wait_for()
        assert lab.context.request.head(lab.url).ok
        assert "/user/ada/site/web/lab/?" in lab.url and lab.evaluate("crossOriginIsolated")
        lab.evaluate("navigator.serviceWorker.ready")
        lab.goto(address.format("site/"))
        while not (kept := lab.evaluate(KEPT, lab.url.partition("?")[0])):
            lab.wait_for_timeout(200)
        assert not [url for url in kept if "?" in url.removesuffix("shared.txt?kept")]
        lab.context.clear_cookies()
        lab.goto(lab.url.partition("?")[0])
        assert "/user/ada/login" in lab.url


def test_nothing_outside_is_served(port):
    assert [ask(port, path)[0] for path in ("/nothing", "/figures/", "/%00", "/" + 5000 * "a")] == [404] * 4
    assert [ask(port, 9 * up + "/etc/passwd")[0] for up in ("/..", "/%2e%2e")] == [403] * 2
