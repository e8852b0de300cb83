"""What the tests of the site share: its pages, built once, and a browser."""

import subprocess
import sys

import pytest

from tests.browser import browser
from tricknet.paths import ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages, in a folder two levels below that of the server. Sphinx fails at a link that leads nowhere."""
    folder = tmp_path_factory.mktemp("server") / "a" / "b"
    command = [sys.executable, "-m", "web.pages.build", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def chromium():
    with browser() as running:
        yield running
