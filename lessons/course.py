"""The lessons and pages, in the order of lessons/course.toml, and the names that follow from it."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from tricknet.paths import NOTEBOOKS

LIST = Path(__file__).with_name("course.toml")
ROUTES = Path(__file__).with_name("routes.toml")
WORDS = 150  # a minute, and half as many of code
PICTURE, GUESS = 40, 30  # seconds


class Lesson(NamedTuple):
    """A lesson, or a page between the lessons, which has no number."""

    part: str
    number: int | None
    slug: str
    level: int  # 1 to 3, as docs/self-test.md explains
    title: str
    sentence: str
    card: tuple[float, ...]  # of its figure: two pictures, or a part of a chart, as course.toml explains

    @property
    def heading(self) -> str:
        """The title with the number: 8. One pixel."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def stem(self) -> str:
        """The name of the notebook, its solutions and its card: 08-one-pixel."""
        return f"{self.number:02}-{self.slug}" if self.number else self.slug

    @property
    def package(self) -> str:
        """The name of its package, which its tests share: one_pixel."""
        return self.slug.replace("-", "_")

    @property
    def notebook(self) -> Path:
        return NOTEBOOKS / f"{self.stem}.ipynb"

    @property
    def minutes(self) -> tuple[int, int]:
        """How long it takes to read, to the nearest five minutes, and how long its exercises take."""
        return _minutes(json.loads(self.notebook.read_text(encoding="utf-8"))["cells"])

    @property
    def facts(self) -> str:
        """What a reader may want to know first: 25 minutes, and 45 for the exercises. Level 2, optional."""
        reading, exercises = self.minutes
        time = f"{reading} minutes" + f", and {exercises} for the exercises" * bool(exercises)
        return f"{time}. Level {self.level}" + ", optional" * (self.number is None)


def _minutes(cells: list[dict[str, Any]]) -> tuple[int, int]:
    """How long a lesson takes, to the nearest five minutes, and how long its exercises.

    A cell that begins an exercise has its `minutes` in its metadata, and a slow cell has its `seconds` there. Folds
    take nobody's time.
    """
    seconds, exercises, level = 0.0, 0, 0
    for cell in cells[1:]:
        text, data = "".join(cell["source"]), cell["metadata"]
        exercises += data.get("minutes", 0)
        if cell["cell_type"] == "code" and not level:
            hidden, shown = data.get("jupyter", {}), [output.get("data", {}) for output in cell["outputs"]]
            code = "".join(line for one in shown for line in one.get("text/markdown", ()))  # of `show_source`
            code += "" if hidden.get("source_hidden") else text
            seconds += 60 * len(code.split()) / (WORDS / 2) + PICTURE * sum("image/png" in one for one in shown)
            seconds += data.get("seconds", 0) + GUESS * hidden.get("outputs_hidden", False)
        for section in re.split("^(?=#)", text, flags=re.MULTILINE) if cell["cell_type"] == "markdown" else ():
            depth = len(section) - len(section.lstrip("#"))
            if depth and (not level or depth <= level):
                level = depth if "minutes" in data or data.get("jp-MarkdownHeadingCollapsed") else 0
            seconds += 0 if level else 60 * len(section.split()) / WORDS
    return 5 * round(seconds / 300), exercises


def _listed() -> Iterator[Lesson]:
    numbers = count(1)
    for part in tomllib.loads(LIST.read_text(encoding="utf-8"))["part"]:
        for row in part["lesson"]:
            number = None if row.get("optional") else next(numbers)
            card = tuple(row.get("card", (0, -1)))
            yield Lesson(part["title"], number, row["slug"], row["level"], row["title"], row["sentence"], card)


LESSONS = tuple(_listed())
BY_SLUG = {lesson.slug: lesson for lesson in LESSONS}


def routes() -> list[dict[str, Any]]:
    """The teacher's ways through the course, as lessons/routes.toml describes them."""
    listed: list[dict[str, Any]] = tomllib.loads(ROUTES.read_text(encoding="utf-8"))["route"]
    return listed
