"""The lessons and pages, in the order of lessons/course.toml, and the names that follow from it."""

import tomllib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tricknet.paths import NOTEBOOKS

LIST = Path(__file__).with_name("course.toml")


class Lesson(NamedTuple):
    """A lesson, or a page between the lessons, which has no number."""

    part: str
    number: int | None
    slug: str
    title: str
    sentence: str
    card: tuple[float, ...]  # of its figure: two pictures, or a part of a chart, as course.toml explains

    @property
    def heading(self) -> str:
        """The title with the number: 8. Does it survive?"""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def stem(self) -> str:
        """The name of the notebook, its solutions and its card: 08-does-it-survive."""
        return f"{self.number:02}-{self.slug}" if self.number else self.slug

    @property
    def package(self) -> str:
        """The name of its package, which its tests share: does_it_survive."""
        return self.slug.replace("-", "_")

    @property
    def notebook(self) -> Path:
        return NOTEBOOKS / f"{self.stem}.ipynb"


def _listed() -> Iterator[Lesson]:
    numbers = count(1)
    for part in tomllib.loads(LIST.read_text(encoding="utf-8"))["part"]:
        for row in part["lesson"]:
            number = None if row.get("optional") else next(numbers)
            card = tuple(row.get("card", (0, -1)))
            yield Lesson(part["title"], number, row["slug"], row["title"], row["sentence"], card)


LESSONS = tuple(_listed())
