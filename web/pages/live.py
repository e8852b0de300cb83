"""Which figures the reader's own browser can compute, in place of the stored still: one row for each.

live/KIND.js computes it. It begins with pictures and answers that the lessons store, and asks a network only for
others.
"""

import base64
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from tricknet.paths import NOTEBOOKS, ROOT
from tricknet.plots import read_back
from web.pages.figures import Place


class Stored(NamedTuple):
    """A stored picture: its lesson, a piece of the code that only its cell has, and its number on the sheet."""

    lesson: str
    code: str
    number: int


class Live(NamedTuple):
    """A live figure: its cell, its kind, and how many MB the browser fetches once it has to compute.

    pictures: what it begins with. stored: at some places of its slider, what the lesson shows there.
    """

    lesson: str
    code: str
    kind: str
    megabytes: float
    pictures: tuple[Stored, ...] = ()
    words: tuple[str, ...] = ()
    stored: tuple[tuple[int, tuple[Stored, ...]], ...] = ()


def of(lesson: str, code: str, *numbers: int) -> tuple[Stored, ...]:
    """Stored pictures of one sheet."""
    return tuple(Stored(lesson, code, number) for number in numbers)


ONE, TWO, THREE, SIX = "01-meet-googlenet", "02-the-black-screen", "03-tricks", "06-you-cant-fool-a-dog"
FOUR = "04-breaking-a-straight-line"
RACCOON = ("a 30 23", "b 10 -3", "c 20 9", "d 2 2", "e 10 -5")  # of each pixel its name, value and weight
EIGHT, NINE, DREAMS, BETTER = "08-does-it-survive", "09-one-sticker-for-everything", "12-dreams", "14-a-better-network"
PAIR, SQUARES, DOGS = "random.Random(1).shuffle(pair)", "plots.show(squares, ", "fooled = trick(model, dog, "
MOVED, SHOTS, DRAGGED, SOME = "for k in (0, 1, 8)", "plain_shot, sturdy_shot = (", "drag(model, {", "scrub(some, "
WALKS, BOTH = "rows, captions, alt, enlarge=5", "by=[plain, robust] * 3"
PANDA = of("10-other-eyes", "frames = follow(both_wobbled)", 1)
FASHION = (ROOT / "models" / "fashion" / "labels.txt").read_text(encoding="utf-8")
CLOTHES = tuple(line.partition(" ")[2].partition(",")[0] for line in FASHION.splitlines())

FIGURES = [
    Live(ONE, "Trials({", "ab", 0, of(ONE, PAIR, 2, 1), ("Panda", "Vulture")),
    Live(TWO, SQUARES, "towel", 14.5, stored=((0, of(TWO, SQUARES, 1)), (20, of(TWO, SQUARES, 2)))),
    Live(THREE, "levels = [0, 2, 4, 8, 16, 32]", "epsilon", 14.5, stored=((0, PANDA), (2, of(EIGHT, MOVED, 1)))),
    Live(FOUR, "sliders(raccoon", "sigmoid", 0, words=RACCOON),
    Live(FOUR, "sliders(mix", "mix", 0),
    Live(SIX, DOGS, "dog", 14.5, stored=((0, of(SIX, DOGS, 1)), (30, of(SIX, DOGS, 2)))),
    Live(
        *(EIGHT, "sliders(slide,", "slide", 14.5),
        pictures=(*of(EIGHT, MOVED, 1), *of(EIGHT, SHOTS, 1, 3)),
        stored=tuple((right, of(EIGHT, MOVED, number)) for number, right in enumerate((0, 1, 8), 1)),
    ),
    Live(NINE, DRAGGED, "sticker", 14.5, (*PANDA, *of(NINE, "bananas = discs[", 2)), ("panda", "chimpanzee")),
    Live(
        *(DREAMS, SOME, "dream", 14.5),
        stored=tuple((step, of(DREAMS, SOME, number)) for number, step in ((1, 0), (3, 20), (4, 94))),
    ),
    Live(
        *(BETTER, BOTH, "fashion", 2.5, of(BETTER, WALKS, 1, 7, 13), CLOTHES),
        stored=((60, of(BETTER, BOTH, 1, 2)),),
    ),
]


def colours() -> tuple[str, ...]:
    """Lesson 4's classes, each with the sums of its weights for red, green and blue, and its constant."""
    scope: dict[str, Any] = {}
    for cell in _cells(NOTEBOOKS / f"{FOUR}.ipynb")[1:3]:
        exec("".join(cell["source"]), scope)
    sums = scope["templates"].reshape(8, -1, 3).sum(axis=1)
    rows = zip(scope["names"], sums, scope["constants"], strict=True)
    return tuple(" ".join([name, *(f"{number:.9g}" for number in (*row, constant))]) for name, row, constant in rows)


def instead(html: str, lesson: Path, number: int, place: Place) -> str:
    """The HTML of a lesson's figure, with what a live one needs if there is one for it.

    lesson: the notebook. number: of the cell. place: where the figure's files are.
    """
    for figure in FIGURES:
        if figure.lesson == lesson.stem and _output(lesson, figure.code)[0] == number:
            folder = f"{place.up}{place.folder.name}"
            files = {one: [f"{folder}/{name}", answer] for one, name, answer in _files(figure, lesson.parent)}
            words = colours() if figure.kind == "mix" else figure.words
            data = {"live": figure.kind, "megabytes": f"{figure.megabytes:g}", "words": "|".join(words)}
            data["pictures"] = json.dumps([files[one] for one in figure.pictures])
            data["stored"] = json.dumps([[place, [files[one] for one in ones]] for place, ones in figure.stored])
            return f"<div{''.join(f' data-{key}="{escape(value)}"' for key, value in data.items())}>{html}</div>"
    return html


def _files(figure: Live, folder: Path) -> Iterator[tuple[Stored, str, str]]:
    """The stored pictures of a figure, each with its file's name and the answer that the caption above it quotes."""
    for one in {*figure.pictures, *(stored for _, panels in figure.stored for stored in panels)}:
        path = folder / f"{one.lesson}.ipynb"
        cell, output = _output(path, one.code)
        content = base64.b64decode("".join(_cells(path)[cell]["outputs"][output]["data"]["image/png"]))
        caption = read_back(content)[one.number - 1][1]
        answer = next((line for line in caption.splitlines() if line.endswith("%")), "").rpartition(": ")[2]
        yield one, f"{one.lesson}-{cell}{chr(ord('a') + output)}-{one.number}.png", answer


@cache
def _cells(lesson: Path) -> list[dict[str, Any]]:
    """Of a notebook, which is read once for all its figures."""
    cells: list[dict[str, Any]] = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    return cells


def _output(lesson: Path, code: str) -> tuple[int, int]:
    """The numbers of the one cell with this code, and of its output that is a picture.

    Raises ValueError unless there is exactly one.
    """
    cells = _cells(lesson)
    (number,) = (number for number, cell in enumerate(cells) if code in "".join(cell["source"]))
    return number, next(i for i, output in enumerate(cells[number]["outputs"]) if "image/png" in output.get("data", {}))
