"""Is a lesson one notebook and one package? A toy lesson joins the others, and no other file is touched."""

import os
import subprocess
import sys

import nbformat
import pytest

from tricknet.paths import ROOT

PACKAGE = {
    "__init__.py": """from tricknet.evidence import Tables

table = Tables(__file__)
""",
    "check.py": """from tricknet.check import Hint, check, exercise


@exercise("99.1", start="What is six times nine?")
def _(answer):
    if answer != 54:
        raise Hint("That is not it.")
    return "six times nine is 54"
""",
    "experiment.py": '''"""How often does a die of six show a six?

sixes: each of its sides, once.
"""

from lessons.toy import table
from tricknet.cases import main
from tricknet.report import count, grouped


def sixes():
    return [{"side": side, "six": int(side == 6)} for side in range(1, 7)]


def shown():
    return {"sixes": [grouped(table("sixes"), [], {"six": count("six")})]}


if __name__ == "__main__":
    main(__doc__, table, {"sixes": sixes}, shown)
''',
}
PRINTS = "from lessons.toy import table\nfrom lessons.toy.check import check\nprint(len(table('sixes')), 'sides')"


@pytest.fixture
def run(tmp_path):
    """Runs a program that finds the toy lesson beside the others."""
    (tmp_path / "lessons" / "toy").mkdir(parents=True)
    for each in (ROOT / "lessons").iterdir():
        (tmp_path / "lessons" / each.name).symlink_to(each)
    for name, text in PACKAGE.items():
        (tmp_path / "lessons" / "toy" / name).write_text(text)

    def run(*words):
        environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
        subprocess.run([sys.executable, *words], cwd=tmp_path, env=environment, check=True, timeout=120)

    return run


def test_its_experiment_writes_its_page_and_its_notebooks_check_an_answer(run, tmp_path):
    """As in every lesson, the solution gets a yes, and the stub's hint is not stored: a try comes first."""
    run("-m", "lessons.toy.experiment")
    page = (tmp_path / "lessons" / "toy" / "evidence.md").read_text()
    assert "How often does a die" in page and "1 of 6 (3% to 56%)" in page
    for folder, answer, verdict in (("notebooks", "...", ""), ("solutions", "54", "Yes, because six times nine is 54")):
        path = tmp_path / folder / "a-toy.ipynb"
        path.parent.mkdir()
        cells = [nbformat.v4.new_code_cell(source) for source in (PRINTS, f'check("99.1", {answer})')]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        run(ROOT / "scripts" / "run_notebooks.py", path)
        counts, checks = nbformat.read(path, 4).cells
        assert "6 sides" in str(counts.outputs) and bool(checks.outputs) == bool(verdict)
        assert verdict in str(checks.outputs)
