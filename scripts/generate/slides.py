"""Slides for the routes of lessons/routes.toml: a notebook's figure or code on each, with its heading and its guess.

    python scripts/generate/slides.py [FOLDER]

For each route, FOLDER (default: slides) gets an HTML file, which needs the folder `reveal` beside it, and a PDF.
"""

import re
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
.reveal { --jp-content-font-size1: 26px; --jp-code-font-size: 21px; } .reveal .highlight { --jp-code-font-size: 17px; }
.reveal img { height: 30rem; max-width: 100%; object-fit: contain; }
</style>"""


def slide(text: str, kind: str = "slide") -> NotebookNode:
    """A text that begins a slide, or that is one of the speaker's notes."""
    return v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}})


def slides(notebook: NotebookNode, stop: dict[str, Any]) -> list[NotebookNode]:
    """A stop's slides in the notebook's order: guess, code, and all that a cell printed and drew, below its heading."""
    codes, figures = ([cell for part in stop["do"] for cell in part.get(kind, ())] for kind in ("code", "figures"))
    made, heading, asked = [], "", list[str]()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = next((line for line in reversed(cell.source.splitlines()) if line.startswith("#")), heading)
            section = re.split("^#", cell.source, flags=re.MULTILINE)[-1]
            asked = re.findall(r"^(?:\*|\d\.) .*|.+\Z", section, re.M) * ("guess" in cell.metadata.get("tags", ()))
            continue
        made += [slide("\n\n".join([heading, *asked]))] * (asked != [] and cell.id in codes + figures)
        made += [slide(f"{heading}\n\n```python\n{cell.source}\n```")] * (cell.id in codes)
        for output in cell.outputs if cell.id in figures else ():
            png = output.get("data", {}).get("image/png")  # not what moves, which needs a server
            still = v4.new_output("display_data", {"image/png": png}) if png else output
            made += [slide(heading), v4.new_code_cell(outputs=[still])]
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
