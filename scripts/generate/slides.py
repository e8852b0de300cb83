"""Slides for the routes of lessons/routes.toml: a figure of a notebook on each, with its heading and its guess.

    python scripts/generate/slides.py [FOLDER]

For each route, FOLDER (default: slides) gets an HTML file, which needs the folder `reveal` beside it, and a PDF.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode, v4

from lessons.course import BY_SLUG, routes
from tools.browser import browser
from tricknet.paths import ROOT

SIZE = {"width": "1280px", "height": "720px"}
STYLE = """<style>
.reveal { --jp-content-font-size1: 26px; }
.reveal img { height: 26rem; max-width: 100%; object-fit: contain; }
</style>"""


def slide(cell: NotebookNode) -> NotebookNode:
    """A cell that begins a slide."""
    cell.metadata = {"slideshow": {"slide_type": "slide"}}
    return cell


def figures(notebook: NotebookNode, wanted: list[str]) -> list[NotebookNode]:
    """A slide for each wanted cell's picture, below its heading, and before it the guess, where there is one."""
    slides, heading, guess = [], "", ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = next((line for line in reversed(cell.source.splitlines()) if line.startswith("#")), heading)
            guess = cell.source.split("\n\n")[-1] if "guess" in cell.metadata.get("tags", ()) else ""
        elif cell.id in wanted:
            slides += [slide(v4.new_markdown_cell(f"{heading}\n\n{guess}"))] * bool(guess)
            pictures = [output for output in cell.outputs if "image/png" in output.get("data", ())]
            for output in pictures:  # not what moves, which needs a server
                output.data = {"image/png": output.data["image/png"]}
            slides += [slide(v4.new_markdown_cell(heading)), v4.new_code_cell(outputs=pictures)]
    return slides


def deck(route: dict[str, Any]) -> NotebookNode:
    """A route's slides as a notebook."""
    cells = [slide(v4.new_markdown_cell(f"{STYLE}\n\n# Panda to Vulture\n\n{route['name']}"))]
    for stop in route["stop"]:
        lesson = BY_SLUG[stop["lesson"]]
        title = f"# {lesson.title}\n\n*{lesson.sentence}*\n\n{stop['minutes']} minutes: {stop['do']}"
        cells.append(slide(v4.new_markdown_cell(title)))
        cells += figures(nbformat.read(lesson.notebook, 4), stop["figures"])
    return v4.new_notebook(cells=cells)


def write(folder: Path) -> None:
    """All routes' slides, as HTML and as PDF, and what the HTML needs."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("dist", "plugin"):
        shutil.copytree(ROOT / "web/node_modules/reveal.js" / part, folder / "reveal" / part, dirs_exist_ok=True)
    shutil.copy(ROOT / "web/node_modules/requirejs/require.js", folder / "reveal")
    addresses = {"reveal_url_prefix": "reveal", "require_js_url": "reveal/require.js", "jquery_url": ""}
    exporter = SlidesExporter(exclude_input=True, exclude_output_prompt=True, reveal_theme="white", **addresses)
    with browser() as chromium:
        for route in routes():
            path = folder / f"{route['name'].replace(' ', '-')}.html"
            path.write_text(exporter.from_notebook_node(deck(route))[0], encoding="utf-8")
            page = chromium.new_page()
            page.goto(f"{path.resolve().as_uri()}?print-pdf")
            page.wait_for_selector(".pdf-page")
            page.pdf(path=path.with_suffix(".pdf"), print_background=True, **SIZE)
            page.close()
            print(f"{path} and .pdf")


if __name__ == "__main__":
    write(Path(*sys.argv[1:] or ["slides"]))
