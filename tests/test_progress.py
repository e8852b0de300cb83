"""Is there a bar where somebody looks, and one line where each of its states would be kept?"""

import subprocess
import sys

import nbformat
import pexpect
import pytest
from nbclient import NotebookClient

LOOP = "import time\nfrom tricknet.progress import bar\nfor _ in bar(range(3), desc='steps', delay=0): time.sleep(0.2)"


def piped(loop, patience):
    """What a loop writes to a pipe, with so many seconds of patience."""
    code = f"from tricknet import progress\nprogress.PATIENCE = {patience}\n{loop}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr


def test_a_short_loop_pipes_nothing():
    assert piped(LOOP, 5) == ""


@pytest.mark.parametrize(
    "loop",
    [
        LOOP,
        LOOP.replace("range(3)", "iter(range(3)), total=3"),
        "import time\nb = progress.bar(total=3, desc='steps')\nfor _ in 'abc': time.sleep(0.2); b.update()\nb.close()",
    ],
    ids=["a list", "an iterator", "updates"],
)
def test_a_long_loop_pipes_one_line(loop):
    """After 0.2 of 0.6 seconds, so that 0.4 are to go."""
    assert piped(loop, 0.1) == "steps: 1 of 3 done, about 0 seconds to go.\n"


def test_a_loop_whose_end_nobody_knows_pipes_nothing():
    assert piped(LOOP.replace("range(3)", "iter(range(3))"), 0.1) == ""


def test_a_terminal_has_a_bar():
    terminal = pexpect.spawn(sys.executable, ["-c", LOOP], encoding="utf-8", timeout=60)
    terminal.expect(r"steps: +67%\|")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_notebook_has_a_bar(tmp_path):
    """Though what a kernel prints to is no terminal. The notebook keeps the widget's own words."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LOOP)])
    NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}, timeout=120).execute()
    kinds = {kind for output in notebook.cells[0].outputs for kind in output.get("data", {})}
    assert "application/vnd.jupyter.widget-view+json" in kinds
    assert "steps" in str(notebook.metadata.widgets)
