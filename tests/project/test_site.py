"""scripts/site.sh: it makes what has changed and nothing else, and Ctrl-C gets a sentence. A short build stands in."""

import os
import shutil
import signal
import subprocess
import sys

from tricknet.paths import ROOT

BUILD = """import pathlib, sys, time
pathlib.Path(sys.argv[1]).mkdir()
print("Made.", flush=True)
time.sleep(float(pathlib.Path("docs/seconds").read_text()))
"""


def test_the_pages_are_made_again_once_something_has_changed_and_ctrl_c_gets_a_sentence(tmp_path):
    for name in ("docs", "scripts", "web/pages"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "site.sh", tmp_path / "scripts")
    for step in ("scripts/setup.sh", "web/build.sh"):
        (tmp_path / step).symlink_to(shutil.which("true"))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "web" / "__init__.py").touch()
    (tmp_path / "web" / "pages" / "build.py").write_text(BUILD)

    def start(seconds):
        (tmp_path / "docs" / "seconds").write_text(seconds)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([tmp_path / "scripts" / "site.sh"], start_new_session=True, **pipes)

    for seconds, made in (("0", True), ("0", False), ("0.1", True)):
        said, wrong = start(seconds).communicate()
        assert said.startswith("Made.") == made and not wrong
    with start("600") as building:
        assert building.stdout.readline() == "Made.\n"
        os.killpg(building.pid, signal.SIGINT)  # as a terminal does
        _, sentence = building.communicate(timeout=60)
    assert building.returncode == 130 and sentence.count("\n") == 1
    assert start("0").communicate()[0].startswith("Made.")  # what was there is not complete
