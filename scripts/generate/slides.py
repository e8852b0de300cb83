"""Slides for the routes of lessons/routes.toml: a notebook's figure or code on each, with its heading and its guess.

    python scripts/generate/slides.py [FOLDER]

For each route, FOLDER (default: slides) gets an HTML file, which needs the folder `reveal` beside it, and a PDF.
"""

import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode, v4

from lessons.course import BY_SLUG, routes
from tools.browser import browser
from tricknet.paths import ROOT

SIZE = {"width": "1280px", "height": "720px"}
STYLE = """<style>.reveal { --jp-content-font-size1: 26px; --jp-code-font-size: 24px; } .reveal img { height: 27rem;
width: 100%; object-fit: contain; } .reveal .jp-OutputArea pre { padding-left: 90px !important; }</style>"""


def slide(text: str, kind: str = "slide") -> NotebookNode:
    """A text that begins a slide, or that is one of the speaker's notes."""
    return v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}})


def slides(notebook: NotebookNode, stop: dict[str, Any]) -> list[NotebookNode]:
    """A stop's slides in the notebook's order: question, code, pictures, words. What is told then is in the notes."""
    codes, figures = ([cell for part in stop["do"] for cell in part.get(kind, ())] for kind in ("code", "figures"))
    asks = {part["figures"][0]: part["ask"] for part in stop["do"] if "ask" in part}
    made, heading, asked = [], "", ""
    for cell, told in pairwise([*notebook.cells, slide("")]):
        if cell.cell_type == "markdown":
            heading = next((line for line in reversed(cell.source.splitlines()) if line.startswith("#")), heading)
            section = re.split("(?m)^#", cell.source)[-1] if "guess" in cell.metadata.get("tags", ()) else ""
            asked = "\n\n".join(re.findall(r"^(?:\*|\d\.) .*|^(?![#<])(?:.+\n\n)?.+\Z", section, re.M))
        if cell.id in codes + figures:
            asked = asks.get(cell.id, asked)
            made += [slide(f"{heading}\n\n{asked}")] * bool(asked)
            lines = re.sub(" {3,}#", "  #", cell.source).splitlines()
            size = min(26, 1800 // max(map(len, lines)), 420 // len(lines))  # so that the whole cell is on the slide
            code = "\n".join([f'<div style="--jp-code-font-size: {size}px">\n\n```python', *lines, "```\n\n</div>"])
            made += [slide(f"{heading}\n\n{code}")] * (cell.id in codes)
            for output in sorted(cell.outputs, key=lambda one: "text" in one) if cell.id in figures else ():
                made += [slide(f"{heading}\n\n{asks.get(cell.id, '')}"), v4.new_code_cell(outputs=[output])]
            made += [slide(re.sub(r"(?ms)^#.*|<[/ds]\w+>", "", told.source), "notes")] * (told.cell_type == "markdown")
    return made


def deck(route: dict[str, Any]) -> NotebookNode:
    """A route's slides as a notebook. What would give an answer away is in the speaker's notes."""
    made = [slide(f"{STYLE}\n\n# Panda to Vulture\n\n{route['name']}")]
    for stop in route["stop"]:
        lesson, do = BY_SLUG[stop["lesson"]], "; ".join(part["what"] for part in stop["do"])
        made += [slide(f"# {lesson.title}"), slide(f"{lesson.sentence}\n\n{stop['minutes']} minutes: {do}", "notes")]
        made += slides(nbformat.read(lesson.notebook, 4), stop)
    return v4.new_notebook(cells=made)


def write(folder: Path) -> None:
    """All routes' slides, as HTML and as PDF, and what the HTML needs."""
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
            print(f"{path} and .pdf")


if __name__ == "__main__":
    write(Path(*sys.argv[1:] or ["slides"]))
