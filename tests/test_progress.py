"""Is there a bar where somebody looks, and none where each of its states would be kept?"""

import subprocess
import sys

import nbformat
import pexpect
from nbclient import NotebookClient

LOOP = "import time\nfrom tricknet.progress import bar\nfor _ in bar(range(3), desc='steps', delay=0): time.sleep(0.2)"


def test_nothing_is_piped():
    done = subprocess.run([sys.executable, "-c", LOOP], capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


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
