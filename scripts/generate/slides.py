"""Slides for the routes of lessons/routes.toml: a notebook's figure or code on each, with its heading and its guess.

    python scripts/generate/slides.py [FOLDER]

For each route, FOLDER (default: slides) gets an HTML file, which needs the folder `reveal` beside it, and a PDF.
"""

import base64
import io
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode, v4
from PIL import Image, ImageSequence

from lessons.course import BY_SLUG, activities, cells, routes
from tools.browser import browser
from tricknet.paths import ROOT

SIZE = {"width": "1280px", "height": "720px"}
STYLE = """<style>
.reveal { --jp-content-font-size1: 26px; }
.reveal img { height: 30rem; max-width: 100%; object-fit: contain; }
.reveal pre { --jp-code-font-size: 21px; font-size: 21px; white-space: pre-wrap; }
</style>"""


def slide(cell: NotebookNode, kind: str = "slide") -> NotebookNode:
    """A cell that begins a slide, or that holds the speaker's notes."""
    cell.metadata = {"slideshow": {"slide_type": kind}}
    return cell


def question(source: str) -> str:
    """What a guess asks, its last paragraph, below the list in its section."""
    *before, last = re.split("^#", source, flags=re.MULTILINE)[-1].split("\n\n")
    return "\n\n".join([*(paragraph for paragraph in before if paragraph.startswith("* ")), last])


def frames(png: str) -> list[NotebookNode]:
    """A stored PNG as outputs, one for each of its frames: what blinks takes turns, one slide after the other."""
    outputs = []
    for frame in ImageSequence.Iterator(Image.open(io.BytesIO(base64.b64decode(png)))):
        file = io.BytesIO()
        frame.save(file, "PNG")
        still = {"image/png": base64.b64encode(file.getvalue()).decode()}
        outputs.append(v4.new_output("display_data", still))
    return outputs


def slides(notebook: NotebookNode, stop: dict[str, Any]) -> list[NotebookNode]:
    """A stop's slides in the notebook's order, below their headings, each guess before its answer."""
    code, figures = (cells(stop, kind) for kind in ("code", "figures"))
    made, heading, guess = [], "", ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = next((line for line in reversed(cell.source.splitlines()) if line.startswith("#")), heading)
            guess = question(cell.source) if "guess" in cell.metadata.get("tags", ()) else ""
            continue
        if guess and cell.id in code + figures:
            made.append(slide(v4.new_markdown_cell(f"{heading}\n\n{guess}")))
        if cell.id in code:
            made.append(slide(v4.new_markdown_cell(f"{heading}\n\n```python\n{cell.source}\n```")))
        if cell.id in figures:  # not what moves, which needs a server
            pictures = [output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", ())]
            printed = [output for output in cell.outputs if output.output_type == "stream"]
            for output in [still for png in pictures for still in frames(png)] or printed:
                made += [slide(v4.new_markdown_cell(heading)), v4.new_code_cell(outputs=[output])]
    return made


def deck(route: dict[str, Any]) -> NotebookNode:
    """A route's slides as a notebook: what would give an answer away is in the speaker's notes."""
    made = [slide(v4.new_markdown_cell(f"{STYLE}\n\n# Panda to Vulture\n\n{route['name']}"))]
    for stop in route["stop"]:
        lesson = BY_SLUG[stop["lesson"]]
        notes = f"{lesson.sentence}\n\n{stop['minutes']} minutes: {activities(stop)}"
        made += [slide(v4.new_markdown_cell(f"# {lesson.title}")), slide(v4.new_markdown_cell(notes), "notes")]
        made += slides(nbformat.read(lesson.notebook, 4), stop)
    return v4.new_notebook(cells=made)


def write(folder: Path) -> None:
    """All routes' slides, as HTML and as PDF, and what the HTML needs."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("dist", "plugin"):
        shutil.copytree(ROOT / "web/node_modules/reveal.js" / part, folder / "reveal" / part, dirs_exist_ok=True)
    shutil.copy(ROOT / "web/node_modules/requirejs/require.js", folder / "reveal")
    addresses = {"reveal_url_prefix": "reveal", "require_js_url": "reveal/require.js", "jquery_url": ""}
    addresses |= {f"reveal_{side}": length.removesuffix("px") for side, length in SIZE.items()}
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
