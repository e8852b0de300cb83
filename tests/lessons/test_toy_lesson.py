"""Does a lesson's check reach its notebooks? A toy lesson joins the others, and no other file is touched."""

import os
import subprocess
import sys

import nbformat

from tricknet.paths import ROOT

CHECK = """from tricknet.check import Hint, check, exercise


@exercise("99.1", start="What is six times nine?")
def _(answer):
    if answer != 54:
        raise Hint("That is not it.")
    return "six times nine is 54"
"""
IMPORTS = "from lessons.toy.check import check\nprint('ready')"


def test_its_notebooks_check_an_answer(tmp_path):
    """As in every lesson, the solution gets a yes, and the stub's hint is not stored: a try comes first."""
    (tmp_path / "lessons" / "toy").mkdir(parents=True)
    for each in (ROOT / "lessons").iterdir():
        (tmp_path / "lessons" / each.name).symlink_to(each)
    (tmp_path / "lessons" / "toy" / "check.py").write_text(CHECK)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    for folder, answer, verdict in (("notebooks", "...", ""), ("solutions", "54", "six times nine is 54")):
        path = tmp_path / folder / "a-toy.ipynb"
        path.parent.mkdir()
        cells = [nbformat.v4.new_code_cell(source) for source in (IMPORTS, f'check("99.1", {answer})')]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        command = [sys.executable, ROOT / "scripts" / "run_notebooks.py", path]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=120)
        first, checks = nbformat.read(path, 4).cells
        assert "ready" in str(first.outputs) and bool(checks.outputs) == bool(verdict)
        assert verdict in str(checks.outputs)
