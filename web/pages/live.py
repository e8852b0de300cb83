"""Which figures the reader's own browser can compute, in place of the stored still: one row for each.

live/KIND.js does it. It begins with stored pictures, of this lesson or of an earlier one.
"""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from tricknet.paths import ROOT


class Stored(NamedTuple):
    """A stored picture: its lesson, a piece of the code that only its cell has, and its number on the sheet."""

    lesson: str
    code: str
    number: int


class Live(NamedTuple):
    """A live figure: of which cell, of which kind, what the browser has to fetch (in MB), and what it begins with."""

    lesson: str
    code: str
    kind: str
    megabytes: float
    pictures: tuple[Stored, ...] = ()
    words: tuple[str, ...] = ()


PAIR = "random.Random(1).shuffle(pair)"
VULTURE, PANDA = (Stored("01-meet-googlenet", PAIR, number) for number in (1, 2))
NOTHING = Stored("02-the-black-screen", "plots.show(squares, ", 1)
MOVED = Stored("08-does-it-survive", "for k in (0, 1, 8)", 1)
PLAIN, STURDY = (Stored("08-does-it-survive", "plain_shot, sturdy_shot = (", number) for number in (1, 3))
APE = Stored("09-one-sticker-for-everything", "bananas = discs[", 2)
DOG = Stored("06-you-cant-fool-a-dog", "fooled = trick(model, dog, ", 1)
GARMENTS = tuple(Stored("14-a-better-network", "rows, captions, alt, enlarge=5", number) for number in (1, 7, 13))
FASHION = (ROOT / "models" / "fashion" / "labels.txt").read_text(encoding="utf-8")
CLOTHES = tuple(line.partition(" ")[2].partition(",")[0] for line in FASHION.splitlines())

FIGURES = [
    Live("01-meet-googlenet", "Trials({", "ab", 0, (PANDA, VULTURE), ("Panda", "Vulture")),
    Live("02-the-black-screen", "plots.show(squares, ", "towel", 14.5, (NOTHING,)),
    Live("03-tricks", "levels = [0, 2, 4, 8, 16, 32]", "epsilon", 14.5, (PANDA,)),
    Live("06-you-cant-fool-a-dog", "fooled = trick(model, dog, ", "dog", 14.5, (DOG,)),
    Live("08-does-it-survive", "sliders(slide,", "slide", 14.5, (MOVED, PLAIN, STURDY)),
    Live("09-one-sticker-for-everything", "drag(model, {", "sticker", 14.5, (PANDA, APE), ("panda", "chimpanzee")),
    Live("12-dreams", "scrub(some, ", "dream", 14.5),
    Live("14-a-better-network", "by=[plain, robust] * 3", "fashion", 2.5, GARMENTS, CLOTHES),
]


def instead(html: str, lesson: Path, number: int, pictures: str) -> str:
    """The HTML of a lesson's figure, with what a live one needs if there is one for it.

    lesson: the notebook. number: of the cell. pictures: the way from the page to the folder of the stored pictures.
    """
    for figure in FIGURES:
        if figure.lesson == lesson.stem and _output(lesson, figure.code)[0] == number:
            data = {"live": figure.kind, "megabytes": f"{figure.megabytes:g}" if figure.megabytes else ""}
            data["pictures"] = " ".join(f"{pictures}/{name}" for name in _names(figure, lesson.parent))
            data["words"] = "|".join(figure.words)
            attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items() if value)
            return f"<div{attributes}>{html}</div>"
    return html


def _names(figure: Live, folder: Path) -> Iterator[str]:
    """The files of the pictures that a figure begins with."""
    for lesson, code, number in figure.pictures:
        cell, output = _output(folder / f"{lesson}.ipynb", code)
        yield f"{lesson}-{cell}{chr(ord('a') + output)}-{number}.png"


def _output(lesson: Path, code: str) -> tuple[int, int]:
    """The numbers of the one cell with this code, and of its output that is a picture.

    Raises ValueError unless there is exactly one.
    """
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    (number,) = (number for number, cell in enumerate(cells) if code in "".join(cell["source"]))
    return number, next(i for i, output in enumerate(cells[number]["outputs"]) if "image/png" in output.get("data", {}))
