"""Is there a bar in a notebook, and a single line where everything that is drawn would be kept? And a live figure?"""

import subprocess
import sys

import nbformat
from nbclient import NotebookClient

LIVE = "from tricknet.widgets import live\nshow = live(lambda news: news * 2)\nfor news in (1, 2, 3): show(news)"
LOOP = "import time\nfrom tricknet.progress import bar\nfor _ in bar(range(9), desc='steps', delay=0): time.sleep(0.15)"


def test_a_pipe_gets_one_line():
    """tqdm's own settings would draw the bar nine times here."""
    done = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, check=True, timeout=60)
    assert done.stdout == b""
    assert done.stderr.count(b"steps:") == 1 and b"\n" not in done.stderr


def test_a_notebook_has_a_bar_and_a_live_figure_in_its_place(tmp_path):
    """Though what a kernel prints to is no terminal. The notebook keeps the widget's own words, and the last figure."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (LOOP, LIVE)])
    NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}, timeout=120).execute()
    kinds = {kind for output in notebook.cells[0].outputs for kind in output.get("data", {})}
    assert "application/vnd.jupyter.widget-view+json" in kinds
    assert "steps" in str(notebook.metadata.widgets)
    assert [output["data"]["text/plain"] for output in notebook.cells[1].outputs] == ["6"]
