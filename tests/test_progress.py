"""Is there a bar in a notebook, and a single line where everything that is drawn would be kept?"""

import subprocess
import sys

import nbformat
from nbclient import NotebookClient

LOOP = "import time\nfrom tricknet.progress import bar\nfor _ in bar(range(9), desc='steps', delay=0): time.sleep(0.15)"


def test_a_pipe_gets_one_line():
    """tqdm's own settings would draw the bar nine times here."""
    done = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, check=True, timeout=60)
    assert done.stdout == b""
    assert done.stderr.count(b"steps:") == 1 and b"\n" not in done.stderr


def test_a_notebook_has_a_bar(tmp_path):
    """Though a kernel does not print to a terminal. The notebook keeps the widget's own words."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LOOP)])
    NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}, timeout=120).execute()
    kinds = {kind for output in notebook.cells[0].outputs for kind in output.get("data", {})}
    assert "application/vnd.jupyter.widget-view+json" in kinds
    assert "steps" in str(notebook.metadata.widgets)
