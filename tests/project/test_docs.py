"""What is written about the project: links that lead somewhere, lists that are complete, versions that agree."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from tricknet.images import SCIKIT_IMAGE
from tricknet.paths import ROOT

TEXTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("*/*.md"),
        *ROOT.glob("images/*/*.md"),
        *ROOT.glob("models/*/*.md"),
        *ROOT.glob("notebooks/**/*.ipynb"),
    ]
)
TEXTS = [path for path in TEXTS if ".ipynb_checkpoints" not in path.parts]
NAMES = [str(path.relative_to(ROOT)) for path in TEXTS]
every_notebook = pytest.mark.parametrize(
    "path", [p for p in TEXTS if p.suffix == ".ipynb"], ids=[n for n in NAMES if "ipynb" in n]
)


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
    return re.findall(r"\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)", prose) + re.findall(r'(?:src|href)="([^"]+)"', prose)


def anchors(markdown: str) -> set[str]:
    """Names of places, and those that code hosts and JupyterLab (as typed, but for spaces) give to headings."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    named = re.findall(r'<a id="([^"]+)">', markdown)
    return {*plain, *named, *(heading.replace(" ", "-") for heading in headings)}


@pytest.mark.parametrize("path", TEXTS, ids=NAMES)
def test_local_links_lead_somewhere(path):
    for link in links(text(path)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix in {".md", ".ipynb"}:
            assert anchor in anchors(text(target)), f"{link}: no such heading"


@every_notebook
def test_lessons_link_to_what_the_image_copies_for_the_reader(path):
    for link in links(text(path)):
        if not re.match(r"[a-z]+:|#", link):
            top = (path.parent / link).resolve().relative_to(ROOT).parts[0]
            assert top in {"notebooks", "images", "docs", "benchmarks", "README.md"}, (
                f"{link} is not there in the image"
            )


@every_notebook
def test_lessons_hold_what_came_out_of_them(path):
    """Every cell was run, in one go from the first to the last, and no progress bar was kept."""
    code = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        assert all(output.get("name") != "stderr" and "%|" not in str(output) for output in cell["outputs"])


@every_notebook
def test_lessons_open_as_they_were_stored(path):
    """JupyterLab marks a page as changed if it would write other metadata, and says "model not found" for a widget."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"].keys() == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["display_name"] == "Python 3 (ipykernel)"
    assert {"codemirror_mode", "file_extension", "mimetype", "version"} <= notebook["metadata"]["language_info"].keys()
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            assert not any("widget" in kind for kind in output.get("data", {})), "a stored widget is an error message"


def test_the_lists_of_lessons_are_current():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate" / "index.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_first_page_is_light():
    pictures = sorted((ROOT / "docs" / "lessons").glob("*.jpg"))
    assert len(pictures) >= 12 and all(list((ROOT / "notebooks").glob(f"{p.stem}-*.ipynb")) for p in pictures)
    assert all(p.stat().st_size <= 15_000 for p in pictures)


def test_every_photograph_has_its_credit():
    """In the table of its own folder."""
    files = [path.relative_to(ROOT) for path in (ROOT / "images").rglob("*") if path.is_file()]
    if shutil.which("git") and (ROOT / ".git").exists():  # then what is only the reader's does not matter
        command = ["git", "ls-files", "-z", "images"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [Path(file) for file in listed.split("\0") if file]
    for folder in {file.parent for file in files}:
        credits = (ROOT / folder / "CREDITS.md").read_text(encoding="utf-8")
        there = {file.name for file in files if file.parent == folder} - {"CREDITS.md"}
        rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \|.+\|.+\|.+\|.+\|$", credits, re.MULTILINE)
        assert all(name == link for name, link in rows) and len(rows) == len(set(rows))
        assert {name for name, _ in rows} == there, f"{folder}: files and rows of CREDITS.md differ"
    credits = (ROOT / "images" / "CREDITS.md").read_text(encoding="utf-8")
    for name in SCIKIT_IMAGE:
        assert f"| {name} |" in credits


def test_every_package_says_its_licence():
    done = subprocess.run([sys.executable, ROOT / "docker" / "licences.py"], capture_output=True, text=True)
    assert done.returncode == 0, [line for line in done.stdout.splitlines() if "NOT SAID" in line]
    assert "numpy\t" in done.stdout and "caffe-cpu\t" in done.stdout


def test_the_version_is_described_and_dated():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(
        rf"^## {re.escape(version)}, \d+ \w+ \d{{4}}$", (ROOT / "docs" / "changes.md").read_text(), re.MULTILINE
    )


def test_the_package_asks_for_what_it_runs_on():
    """Its metadata, as it is installed, beside the list from which the versions are pinned."""
    lines = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
    listed = {re.split(r"[<>=#\s]", line)[0] for line in lines} - {""}
    try:
        asked = {re.split(r"[<>=;\s]", name)[0] for name in metadata.requires("tricknet") or []}
    except metadata.PackageNotFoundError:
        pytest.skip("the package is not installed here, only found by its folder, as in the image")
    assert asked == listed
