"""What the tests of the site share: the pages and the lab, built once, a server, and a browser."""

import subprocess
import sys

import pytest

from tests.web.opening import SITE, Isolating
from tools import browser
from tricknet.paths import ROOT

# The camera shows a green picture, in which something moves. Who has not been allowed to use it is refused, not asked.
CAMERA = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages and the lab, two folders below that of their server. Sphinx fails at a link that leads nowhere."""
    pytest.importorskip("myst_nb", reason="pip install -r requirements/dev.txt")
    folder = tmp_path_factory.mktemp("site") / "some" / "path"
    for command in ([sys.executable, "-m", "web.pages.build", folder], [ROOT / "web" / "build.sh", folder]):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
    assert [*folder.parent.iterdir()] == [folder]  # nothing else is left behind
    return folder


@pytest.fixture(scope="session")
def address(site):
    with browser.serving(site.parents[1], handler=Isolating) as server:
        yield f"http://127.0.0.1:{server.server_port}{SITE}"


@pytest.fixture(scope="module")  # a file may run another browser, and Playwright runs once at a time
def chromium():
    with browser.browser(*CAMERA) as chromium:
        yield chromium
