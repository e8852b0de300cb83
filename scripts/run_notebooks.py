"""Run every lesson from a fresh kernel and hold its prose to what came out.

    run_notebooks.py [--check] [NOTEBOOK ...]

Without --check the outputs are stored in the notebooks, and their islands' pictures in notebooks/islands. The hints
that `check` gives to a lesson's stubs are not: nobody should see one before a try. With it nothing is written, and the
run fails if a cell does, or if a **bold** figure in the text is not printed by any cell of the same notebook: a number
that is measured here is bold, others are not. It also fails where `check` refuses a solution or accepts a stub.

With --check, two notebooks run at once, each on half of the cores. Without it they run one after the other, on all.
"""

import argparse
import html
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tricknet.island import STORE
from tricknet.paths import NOTEBOOKS
from tricknet.progress import bar

# Processors round differently, and after thirty steps along signs that shows in a probability's second or third digit.
TOLERANCE = 0.03
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
AT_ONCE = 2  # notebooks, with --check. A kernel may need a gigabyte


def run(path: Path) -> nbformat.NotebookNode:
    """The notebook with fresh outputs. Raises CellExecutionError where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": path.parent}}
    limits = {"timeout": 900, "startup_timeout": 300}  # seconds: a busy machine is not a failure
    # Times of day would change in every run, and so would the pieces in which a kernel sends what is printed.
    stored = {"record_timing": False, "coalesce_streams": True, "store_widget_state": False}
    client = NotebookClient(notebook, kernel_name="python3", resources=resources, **limits, **stored)
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_progress(output)]
            for output in cell.outputs:  # a widget is nothing but an error message once its kernel is gone
                output.get("data", {}).pop(WIDGET, None)
    notebook.metadata["kernelspec"] = KERNEL  # with the kernel's language_info, as JupyterLab would write them
    return notebook


def _is_progress(output: nbformat.NotebookNode) -> bool:
    """Is it a progress bar? They are for who waits: stored, they are noise."""
    return output.get("name") == "stderr" or "%|" in output.get("data", {}).get("text/plain", "")


def problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Bold figures of the prose that no cell prints."""
    printed = _words(" ".join(_outputs(notebook)))
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    bold = [words for text in prose for words in re.findall(r"\*\*(.+?)\*\*", text)]
    figures = [words for words in bold if re.search(r"\d", words)]
    return [f'the text says "{f}", but no cell prints it' for f in figures if not _is_printed(_words(f), printed)]


def forget_hints(notebook: nbformat.NotebookNode) -> None:
    """Take the outputs from the cells that check an exercise."""
    for cell in notebook.cells:
        if re.search(r"^check\(", cell.source, re.MULTILINE):
            cell.outputs = []


def verdicts(notebook: nbformat.NotebookNode, solutions: bool) -> list[str]:
    """What `check` said wrongly: it gives hints to a lesson's stubs, and says yes to all solutions."""
    said = [line for text in _outputs(notebook) for line in text.splitlines()]
    if solutions and not any(line.startswith("✓ ") for line in said):
        return ["check said nothing"]
    return [f"check said: {line}" for line in said if line.startswith("→ " if solutions else "✓ ")]


def _is_printed(figure: str, printed: str) -> bool:
    """Are these words in what was printed, with numbers that differ by no more than TOLERANCE?"""
    number = r"\d+(?:[.,]\d+)*"
    pattern = re.escape(re.sub(number, "\0", figure)).replace("\0", f"({number})")
    value = lambda text: float(text.replace(",", ""))  # noqa: E731 - "150,528" is one number
    wanted = [value(n) for n in re.findall(number, figure)]
    return any(
        all(abs(value(n) - w) <= TOLERANCE * abs(w) for n, w in zip(match.groups(), wanted, strict=True))
        for match in re.finditer(pattern, printed)
    )


def _outputs(notebook: nbformat.NotebookNode):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("text", "")
            data = output.get("data", {})
            yield data.get("text/plain", "")
            yield html.unescape(re.sub(r"<[^>]+>", " ", data.get("text/html", "")))
            yield data.get("text/markdown", "")
            yield output.get("metadata", {}).get("image/png", {}).get("alt", "")  # a figure's numbers


def _words(text: str) -> str:
    """Text with white space and table bars evened out, so that only words and figures are compared."""
    return " ".join(text.replace("|", " ").replace("*", " ").split())


def passes(path: Path, *, store: bool) -> bool:
    """Run a notebook and report its problems. Returns whether there are none. store: keep what it printed."""
    solutions = path.resolve().parent.name == "solutions"
    folder = path.resolve().parents[solutions] / "islands"
    if store:
        folder.mkdir(exist_ok=True)
        os.environ[STORE] = str(folder)
    try:
        notebook = run(path)
    except CellExecutionError as error:
        print(f"{path.name}: a cell fails:\n{error}", file=sys.stderr)
        return False
    wrong = problems(notebook) + verdicts(notebook, solutions)
    for problem in wrong:
        print(f"{path.name}: {problem}", file=sys.stderr)
    if store:
        if not solutions:
            forget_hints(notebook)
        nbformat.write(notebook, path)
        sweep(folder)
    return not wrong


def sweep(folder: Path) -> None:
    """Remove the islands' files that no notebook refers to any more."""
    stored = "".join(path.read_text(encoding="utf-8") for path in folder.parent.glob("**/*.ipynb"))
    for file in folder.glob("*.webp"):
        if file.name not in stored:
            file.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the lessons and store, or check, what comes out.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where text and outputs differ")
    parser.add_argument("notebooks", nargs="*", type=Path, help="some notebooks instead of all")
    arguments = parser.parse_args()
    # Lesson 1 last: the early ones are short, so that no kernel runs alone for long.
    every = [*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("solutions/*.ipynb")]
    paths = arguments.notebooks or sorted(every, reverse=True)
    at_once = min(AT_ONCE, len(paths)) if arguments.check else 1
    os.environ["OMP_NUM_THREADS"] = str(max(1, len(os.sched_getaffinity(0)) // at_once))
    with ThreadPoolExecutor(at_once) as pool:  # each waits for its kernel, which is a process
        each = pool.map(partial(passes, store=not arguments.check), paths)
        good = list(bar(each, unit="notebook", total=len(paths)))
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
