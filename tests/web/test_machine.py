"""The lab's state, tested by Node's own test runner: machine.test.js."""

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not here: apt-get install nodejs")
def test_the_lab_s_state():
    run = subprocess.run(
        ["node", "--test", Path(__file__).with_name("machine.test.js")], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout
