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

from lessons.course import BY_SLUG, LESSONS, Lesson, routes
from tricknet.paths import DOCS, NOTEBOOKS, ROOT
from tricknet.plots import read_back

CARD = (288, 144)  # pixels of a card's picture
LEADS = "visible-vulture"  # the lesson whose figure is docs/vultures.png
STYLE = "display: inline-block; width: 250px; margin: 0 16px 24px 0; vertical-align: top"
BEGIN, END = "<!-- lessons: `make index` writes this list -->\n", "<!-- end of lessons -->\n"
ROUTES = "<!-- routes: `make index` writes this from lessons/routes.toml -->\n"
# What the README says as long as pyproject.toml has no such address, and afterwards.
ADDRESSES = {
    "site": ("`make lab` opens [the lab](#run-it)", "[open the lab]({}web/lab/)"),
    "source": (" In place of ADDRESS, paste the address of this repository's page.", ""),
}


def notebook(path: Path, *texts: str) -> str:
    """What a notebook's file holds once its first cells have these texts."""
    content: dict = json.loads(path.read_text(encoding="utf-8"))
    for cell, text in zip(content["cells"], texts, strict=False):
        cell["source"] = text.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def hours(text: str) -> str:
    """A text with the hours that the whole course takes."""
    lessons, optional = ([one.minutes for one in LESSONS if bool(one.number) is own] for own in (True, False))
    read, do, more, rest = (round(sum(m) / 60) for m in (*zip(*lessons, strict=True), *zip(*optional, strict=True)))
    words = f"{read} hours to read, and the exercises {do}. Optional pages take {more} more, and their exercises {rest}"
    return re.sub(r"(?<=<!-- hours -->).*?(?=<!-- end -->)", words, text, flags=re.DOTALL)


def heading(lesson: Lesson) -> str:
    """A lesson's first cell: the title, the sentence and the minutes."""
    return f"# {lesson.heading}\n\n*{lesson.sentence}*\n\nAbout {lesson.facts}."


def contents() -> str:
    """The lessons and pages as a list in Markdown, one item for each part."""
    items = []
    for part, lessons in groupby(LESSONS, lambda lesson: lesson.part):
        links = [f"[{lesson.heading}](notebooks/{lesson.notebook.name})" for lesson in lessons]
        items.append(f"* **{part}**<br>{' · '.join(links)}\n")
    return "".join(items)


def route_tables(text: str) -> str:
    """The page for teachers with a table for each route."""
    tables = []
    for route in routes():
        tables += ["", f"**{route['name'].capitalize()}.** Print {route['print']}.", ""]
        tables += ["| lesson | minutes | do | skip |", "|---|---|---|---|"]
        for stop in route["stop"]:
            lesson, do = BY_SLUG[stop["lesson"]], "; ".join(part["what"] for part in stop["do"])
            link = f"[{lesson.heading}](../notebooks/{lesson.notebook.name})"
            tables.append(f"| {link} | {stop['minutes']} | {do} | {stop['skip']} |")
    before, rest = text.split(ROUTES)
    return before + ROUTES + "\n".join(tables) + "\n\n" + END + rest.split(END)[1]


def card(lesson: Lesson) -> str:
    """A lesson with its picture. JupyterLab keeps its style; GitHub puts the cards below each other."""
    image = f'<img src="../docs/lessons/{lesson.stem}.jpg" width="250" height="125" alt=""><br>'
    link = f'<a href="{lesson.notebook.name}">{image}<b>{escape(lesson.heading)}</b></a>'
    return f'<div style="{STYLE}">{link}<br>{escape(lesson.sentence)}<br><i>{lesson.facts}</i></div>\n'


def cards() -> str:
    """The lessons and pages as cards, part by part."""
    parts = groupby(LESSONS, lambda lesson: lesson.part)
    return "\n".join(f"## {part}\n\n" + "".join(map(card, lessons)) for part, lessons in parts)


def readme(text: str) -> str:
    """The README with its list and hours as they should be, and with the addresses that pyproject.toml has."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    for name, (unknown, known) in ADDRESSES.items():
        words = known.format(urls[name]) if name in urls else unknown
        text = re.sub(rf"(?<=<!-- {name} -->).*?(?=<!-- end -->)", words, text)
    text = re.sub(r"(?<=git clone --depth 1 )\S+", urls.get("source", "ADDRESS"), text)
    before, rest = hours(text).split(BEGIN)
    return before + BEGIN + contents() + END + rest.split(END)[1]


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
    path, first, teachers = ROOT / "README.md", NOTEBOOKS / "index.ipynb", DOCS / "teaching.md"
    wanted = {lesson.notebook: notebook(lesson.notebook, heading(lesson)) for lesson in LESSONS}
    welcome = "".join(json.loads(first.read_text(encoding="utf-8"))["cells"][0]["source"])
    wanted |= {path: readme(path.read_text(encoding="utf-8")), first: notebook(first, hours(welcome), cards())}
    wanted[teachers] = route_tables(teachers.read_text(encoding="utf-8"))
    return {path: text for path, text in wanted.items() if path.read_text(encoding="utf-8") != text}


if __name__ == "__main__":
    (DOCS / "vultures.png").write_bytes(figure(BY_SLUG[LEADS]))
    for lesson in LESSONS:
        picture(lesson).save(DOCS / "lessons" / f"{lesson.stem}.jpg", quality=60, optimize=True)
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")
