"""What comes from lessons/course.toml: the README's list, the first page's cards, and the first cell of each notebook.

`make index` writes all three, the README's addresses, and the pictures of figures that lessons have stored: that of the
cell tagged `card`, or else the lesson's first, on its card (docs/lessons/LESSON.jpg), and one as docs/vultures.png.
"""

import base64
import io
import json
import re
import tomllib
from html import escape
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageOps

from lessons.course import LESSONS, Lesson
from tricknet.paths import DOCS, NOTEBOOKS, ROOT
from tricknet.plots import read_back

CARD = (288, 144)  # pixels of a card's picture
LEADS = "visible-vulture"  # the lesson whose figure is docs/vultures.png
STYLE = "display: inline-block; width: 250px; margin: 0 16px 24px 0; vertical-align: top"
BEGIN, END = "<!-- lessons: `make index` writes this list -->\n", "<!-- end of lessons -->\n"
# What the README says as long as pyproject.toml has no such address, and afterwards.
ADDRESSES = {
    "site": ("`make lab` opens [the lab](#run-it)", "[open the lab]({}web/lab/)"),
    "source": (" In place of ADDRESS, paste the address of this repository's page.", ""),
}
WELCOME = """\
# Panda to Vulture

A neural network that can tell a panda from a vulture can be made to confuse them, by changes that hardly anyone would
notice. These lessons show how, on the real GoogLeNet: first on our photographs, then on yours. **Click a card to open a
lesson.** To run a cell in it, click the cell and press Shift + Enter, or click ▶ at the top. If you don't know a word,
look it up in the [glossary](../docs/glossary.md). There is also a [page for teachers](../docs/teaching.md).

Each lesson ends with exercises that check your answers. After your first miss you get a hint, and after the second the
whole recipe. The minutes are for a slow reader, who reads 150 words a minute, runs the cells, makes every guess and
looks at every picture. The exercises have their own minutes. Neither count includes collapsed sections.

{}
## Your own photographs

To use your own photographs, drag them into the folder `images`. To find it, click the folder icon above the list of
files on the left, then open `images`.
"""


def headed(lesson: Lesson) -> str:
    """A notebook's text, whose first cell has the title, the sentence and the minutes."""
    content: dict = json.loads(lesson.notebook.read_text(encoding="utf-8"))
    text = f"# {lesson.heading}\n\n*{lesson.sentence}*\n\nAbout {lesson.minutes}."
    content["cells"][0]["source"] = text.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def contents() -> str:
    """The lessons and pages as a list in Markdown, one item for each part."""
    items = []
    for part, lessons in groupby(LESSONS, lambda lesson: lesson.part):
        links = [f"[{lesson.heading}](notebooks/{lesson.notebook.name})" for lesson in lessons]
        items.append(f"* **{part}**<br>{' · '.join(links)}\n")
    return "".join(items)


def card(lesson: Lesson) -> str:
    """A lesson with its picture. JupyterLab keeps its style; GitHub puts the cards below each other."""
    image = f'<img src="../docs/lessons/{lesson.stem}.jpg" width="250" height="125" alt=""><br>'
    link = f'<a href="{lesson.notebook.name}">{image}<b>{escape(lesson.heading)}</b></a>'
    return f'<div style="{STYLE}">{link}<br>{escape(lesson.sentence)}<br><i>{lesson.minutes}</i></div>\n'


def cards() -> str:
    """The lessons and pages as cards, part by part."""
    return "\n".join(
        f"## {part}\n\n" + "".join(map(card, lessons)) for part, lessons in groupby(LESSONS, lambda lesson: lesson.part)
    )


def readme(text: str) -> str:
    """The README with its list as it should be, and with the addresses that pyproject.toml has."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    for name, (unknown, known) in ADDRESSES.items():
        words = known.format(urls[name]) if name in urls else unknown
        text = re.sub(rf"(?<=<!-- {name} -->).*?(?=<!-- end -->)", words, text)
    text = re.sub(r"(?<=git clone --depth 1 )\S+", urls.get("source", "ADDRESS"), text)
    before, rest = text.split(BEGIN)
    return before + BEGIN + contents() + END + rest.split(END)[1]


def notebook() -> str:
    """The first page as a notebook without code."""
    lines = WELCOME.format(cards()).splitlines(keepends=True)
    cell = {"cell_type": "markdown", "id": "lessons", "metadata": {}, "source": lines}
    # As the lessons have it: where JupyterLab would write other metadata, it marks the page as changed when it opens.
    content = {"cells": [cell], "metadata": json.loads(LESSONS[0].notebook.read_text(encoding="utf-8"))["metadata"]}
    return json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def figure(lesson: Lesson) -> bytes:
    """The stored PNG that stands for a lesson."""
    cells = json.loads(lesson.notebook.read_text(encoding="utf-8"))["cells"]
    cells.sort(key=lambda cell: "card" not in cell["metadata"].get("tags", []))  # and otherwise as they were
    stored = (output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", ()))
    return base64.b64decode("".join(next(filter(None, stored))))


def picture(lesson: Lesson) -> Image.Image:
    """The picture on a lesson's card, of its figure: two of its pictures, or a part of a chart."""
    content, detail = figure(lesson), lesson.card
    try:
        pictures = [Image.fromarray(picture) for picture, _ in read_back(content)]
    except ValueError:  # a chart
        chart = Image.open(io.BytesIO(content)).convert("RGB")
        left, top, right, bottom = (share * side for share, side in zip(detail, chart.size * 2, strict=True))
        return ImageOps.fit(chart.crop((round(left), round(top), round(right), round(bottom))), CARD)
    if len(pictures) == 1:
        return ImageOps.fit(pictures[0], CARD)
    card, side = Image.new("RGB", CARD), CARD[1]
    for left, number in zip((0, side), detail, strict=True):
        kind = Image.Resampling.NEAREST if pictures[int(number)].width < side else Image.Resampling.BICUBIC
        card.paste(ImageOps.fit(pictures[int(number)], (side, side), kind), (left, 0))
    return card


def stale() -> dict[Path, str]:
    """The files that do not list the lessons as they are, with the text that they should have."""
    path = ROOT / "README.md"
    wanted = {lesson.notebook: headed(lesson) for lesson in LESSONS}
    wanted |= {path: readme(path.read_text(encoding="utf-8")), NOTEBOOKS / "index.ipynb": notebook()}
    return {path: text for path, text in wanted.items() if path.read_text(encoding="utf-8") != text}


if __name__ == "__main__":
    (leading,) = (lesson for lesson in LESSONS if lesson.slug == LEADS)
    (DOCS / "vultures.png").write_bytes(figure(leading))
    for lesson in LESSONS:
        picture(lesson).save(DOCS / "lessons" / f"{lesson.stem}.jpg", quality=60, optimize=True)
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")
