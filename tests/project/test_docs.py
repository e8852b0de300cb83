"""What is written about the project: links that lead somewhere, and lists that are complete."""

import json
import re
import runpy
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tricknet.images import SCIKIT_IMAGE
from tricknet.paths import ROOT

TEXTS = [
    path
    for pattern in ("*.md", "*/*.md", "images/*/*.md", "models/*/*.md", "notebooks/**/*.ipynb")
    for path in sorted(ROOT.glob(pattern))
    if ".ipynb_checkpoints" not in path.parts
]
NOTEBOOKS = [path for path in TEXTS if path.suffix == ".ipynb"]


def text(path: Path) -> str:
    """A Markdown file, or a notebook's Markdown cells."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return content
    cells = json.loads(content)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def links(markdown: str) -> list[str]:
    """The addresses of links and pictures, code left out."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    in_html = re.findall(r'(?:src|href)="([^"]+)"', prose)
    return re.findall(r"\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)[\s)]", prose) + in_html


def anchors(markdown: str) -> set[str]:
    """Names of places, and those that code hosts and JupyterLab (as typed, but for spaces) give to headings."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    named = re.findall(r'<a id="([^"]+)">', markdown)
    return {*plain, *named, *(heading.replace(" ", "-") for heading in headings)}


def local(path: Path) -> list[tuple[str, Path, str]]:
    """The links of a text that stay in the project: (link, the file, the place in it or "")."""
    parts = [(link, *link.partition("#")) for link in links(text(path)) if not re.match(r"[a-z]+:", link)]
    return [(link, path.parent / name if name else path, anchor) for link, name, _, anchor in parts]


def test_local_links_lead_somewhere_and_from_lessons_to_what_the_image_copies_for_the_reader():
    places = cache(lambda target: anchors(text(target)))
    brought = {*runpy.run_path(str(ROOT / "docker" / "put_lessons.py"))["sources"](ROOT)}
    for path in TEXTS:
        for link, target, anchor in local(path):
            assert target.exists(), f"{path.name}: {link} leads nowhere"
            if anchor and target.suffix in {".md", ".ipynb"}:
                assert anchor in places(target), f"{path.name}: {link}: no such heading"
            assert path not in NOTEBOOKS or target.resolve() in brought, f"{path.name}: {link} is not in the image"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_lessons_hold_what_came_out_of_them_and_open_as_they_were_stored(path):
    """Run in one go, without progress bars. For other metadata JupyterLab marks a page as changed, and a stored widget
    is an error message."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for output in (output for cell in code for output in cell["outputs"]):
        assert output.get("name") != "stderr" and "%|" not in str(output)
        assert not any("widget" in kind for kind in output.get("data", {}))
    assert notebook["metadata"].keys() == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["display_name"] == "Python 3 (ipykernel)"
    assert {"codemirror_mode", "file_extension", "mimetype", "version"} <= notebook["metadata"]["language_info"].keys()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_the_answer_to_a_guess_is_folded_and_so_is_what_tells_it(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for asks, answers, tells in zip(cells, cells[1:], cells[2:], strict=False):
        last = "".join(asks["source"]).rpartition("\n\n")[2]
        guess = "guess" in asks["metadata"].get("tags", []) and bool(answers.get("outputs"))
        fold = answers["metadata"].get("jupyter", {})
        assert guess == ("outputs_hidden" in fold) == ("hide-output" in answers["metadata"].get("tags", [])), last
        assert not guess or "".join(tells["source"]).startswith("<details><summary>"), last
        shown = "".join(answers["source"]) if guess and "source_hidden" not in fold else ""
        alts = [output.get("metadata", {}).get("image/png", {}).get("alt") for output in answers.get("outputs", [])]
        assert not any(alt and alt in shown for alt in alts), f"the code gives away: {last}"


def test_every_photograph_has_its_credit():
    """In the table of its own folder."""
    files = [path.relative_to(ROOT) for path in (ROOT / "images").rglob("*") if path.is_file()]
    if (ROOT / ".git").exists():  # then what is only the reader's does not matter
        listed = subprocess.check_output(["git", "ls-files", "-z", "images"], cwd=ROOT, text=True)
        files = [Path(file) for file in listed.split("\0") if file]
    for folder in {file.parent for file in files}:
        credits = (ROOT / folder / "CREDITS.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \|.+\|.+\|.+\|.+\|$", credits, re.MULTILINE)
        there = sorted((file.name,) * 2 for file in files if file.parent == folder and file.name != "CREDITS.md")
        assert sorted(rows) == there, f"{folder}: files and rows of CREDITS.md differ"
    credits = (ROOT / "images" / "CREDITS.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in credits for name in SCIKIT_IMAGE)
