"""The list of lessons, made from the lessons: the README's list, and the first page's cards with a sentence each.

`make index` writes README.md's list and its addresses, notebooks/index.ipynb (thumbnails.py cuts its pictures), and in
each notebook's first cell how many minutes it takes.
"""

import json
import re
import tomllib
from html import escape
from pathlib import Path

from tricknet.paths import NOTEBOOKS, ROOT

# The number of each part's first lesson, and its name.
PARTS = {
    1: "Part one: the article",
    8: "Part two: out in the world",
    11: "Part three: inside",
    13: "Part four: better networks",
}
# The pages between the lessons, and after which each comes (.5: after another page). Any others come at the end.
AFTER = {"how-we-count": 3, "is-it-size": 4, "the-world": 10, "the-lamp": 11, "proofs": 14, "bugs-or-features": 14.5}
LESSONS = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.stem != "index")
WORDS = 150  # a minute, and half as many of code
PICTURE, GUESS = 40, 30  # seconds
STATED = re.compile(r'About \d+ minutes[^."]*\.')
CARD = "display: inline-block; width: 250px; margin: 0 16px 24px 0; vertical-align: top"
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


def lesson(path: Path) -> tuple[str, str]:
    """A lesson's title and its sentence, from its first cell.

    Raises ValueError if that does not have "# Title", a sentence in *italics*, and "About N minutes."
    """
    text = "".join(cells(path)[0]["source"])
    title = re.match(r"# (.+)\n", text)
    sentence = re.search(r"^\*([^*].+?)\*$", text, re.MULTILINE | re.DOTALL)
    if not (title and sentence and STATED.search(text)):
        raise ValueError(f'{path.name}: the first cell lacks "# Title", "*One sentence.*" or "About N minutes."')
    return title[1], " ".join(sentence[1].split())


def cells(path: Path) -> list[dict]:
    notebook: dict = json.loads(path.read_text(encoding="utf-8"))
    return notebook["cells"]


def minutes(path: Path) -> tuple[int, int]:
    """How long a lesson takes, to the nearest five minutes, and how long its exercises.

    An exercise's heading says its own: "### 7.1 Title (10 minutes)". A cell for which one waits says
    "# takes 20 seconds". Folds take nobody's time.
    """
    seconds = exercises = level = 0
    for cell in cells(path):
        text, jupyter = "".join(cell["source"]), cell["metadata"].get("jupyter", {})
        if cell["cell_type"] == "code" and not level:
            seconds += 0 if jupyter.get("source_hidden") else 60 * len(text.split()) / (WORDS / 2)
            seconds += PICTURE * sum("image/png" in output.get("data", {}) for output in cell["outputs"])
            seconds += sum(map(int, re.findall(r"# takes (\d+) seconds", text)))
        for section in re.split(r"^(?=#)", text, flags=re.MULTILINE) if cell["cell_type"] == "markdown" else []:
            heading = re.match(r"(#+) .+?(?: \((?:\w+, )?(\d+) minutes\))?$", section, re.MULTILINE)
            if heading and (not level or len(heading[1]) <= level):
                own = int(heading[2] or 0)
                level = len(heading[1]) if own or cell["metadata"].get("jp-MarkdownHeadingCollapsed") else 0
                exercises += own
            if not level:
                seconds += 60 * len(section.split()) / WORDS + GUESS * section.count("**Guess first.**")
    return 5 * round(seconds / 300), exercises


def stated(path: Path) -> str:
    """A notebook's text, in which its first cell says how many minutes it takes."""
    return STATED.sub(f"About {spent(path)}.", path.read_text(encoding="utf-8"), count=1)


def spent(path: Path) -> str:
    """A notebook's minutes in words."""
    reading, exercises = minutes(path)
    return f"{reading} minutes" + f", and {exercises} for the exercises" * bool(exercises)


def parts() -> dict[str, list[Path]]:
    """The lessons and pages that there are, by part, in their order."""
    found: dict[str, list[Path]] = {}
    place = {path: AFTER.get(path.stem, 99) for path in LESSONS}
    place |= {path: int(path.name[:2]) for path in LESSONS if path.name[:2].isdigit()}
    for path in sorted(LESSONS, key=place.__getitem__):  # digits come before letters: a page after its lesson
        part = PARTS[max(first for first in PARTS if first <= place[path])]
        found.setdefault(part, []).append(path)
    return found


def contents() -> str:
    """The lessons and pages as a list in Markdown, one item for each part."""
    items = []
    for part, paths in parts().items():
        links = [f"[{lesson(path)[0]}](notebooks/{path.name})" for path in paths]
        items.append(f"* **{part}**<br>{' · '.join(links)}\n")
    return "".join(items)


def card(path: Path) -> str:
    """A lesson with its picture. JupyterLab keeps its style; GitHub puts the cards below each other."""
    title, sentence = lesson(path)
    image = f'<img src="../docs/lessons/{path.stem}.jpg" width="250" height="125" alt=""><br>'
    return (
        f'<div style="{CARD}"><a href="{path.name}">{image}<b>{escape(title)}</b></a><br>{escape(sentence)}<br>'
        f"<i>{spent(path)}</i></div>\n"
    )


def cards() -> str:
    """The lessons and pages as cards, part by part."""
    return "\n".join(f"## {part}\n\n" + "".join(map(card, paths)) for part, paths in parts().items())


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
    first = next(NOTEBOOKS.glob("01-*.ipynb"))
    # As the lessons have it: where JupyterLab would write other metadata, it marks the page as changed when it opens.
    content = {"cells": [cell], "metadata": json.loads(first.read_text(encoding="utf-8"))["metadata"]}
    return json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def stale() -> dict[Path, str]:
    """The files that do not list the lessons as they are, with the text that they should have."""
    path = ROOT / "README.md"
    wanted = {each: stated(each) for each in LESSONS}
    wanted |= {path: readme(path.read_text(encoding="utf-8")), NOTEBOOKS / "index.ipynb": notebook()}
    return {path: text for path, text in wanted.items() if path.read_text(encoding="utf-8") != text}


if __name__ == "__main__":
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")
