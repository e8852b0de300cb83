"""Which figures the reader's own browser can compute, in place of the stored still: one row for each.

live/KIND.js computes it. It begins with what walks.py stores, and asks a network only for what goes further.
"""

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from lessons.googlenet.ab import TRIALS, verdict
from tricknet.paths import NOTEBOOKS, ROOT


class Live(NamedTuple):
    """A live figure: its cell, as a piece of code that only this cell has, its kind, and the room it takes.

    room: its height in pixels, on a desk and on a telephone, which is kept free until it is there. settings: the
    kind's own, and the "pictures" that it begins with. megabytes: what the browser fetches once it has to compute.
    """

    lesson: str
    code: str
    kind: str
    room: tuple[int, int]
    settings: Mapping[str, Any] = MappingProxyType({})
    megabytes: float = 0


FOUR = "04-breaking-a-straight-line"
RACCOON = {"a": (30, 23), "b": (10, -3), "c": (20, 9), "d": (2, 2), "e": (10, -5)}  # each pixel's value and weight
FASHION = (ROOT / "models" / "fashion" / "labels.txt").read_text(encoding="utf-8")
CLOTHES = [line.partition(" ")[2].partition(",")[0] for line in FASHION.splitlines()]
AB = {"pictures": ("panda", "vulture"), "verdicts": [verdict(right) for right in range(TRIALS + 1)]}
# A photograph ("": the mean grey) that becomes another class; the first is the lesson's.
TOWEL = {
    "name": "towel",
    "photograph": "",
    "epsilon": 1,
    "steps": 20,
    "classes": ["paper towel", "wool", "jellyfish", "jigsaw puzzle", "vulture", "tennis ball"],
    "beside": "velvet",
}
DOG = {
    "name": "dog",
    "photograph": "german_shepherd",
    "epsilon": 2,
    "steps": 30,
    "classes": ["tennis ball", "vulture", "teapot", "shower cap", "paper towel"],
    "beside": "German shepherd",
}
STUCK = {"pictures": ("panda", "coffee", "chimpanzee")}
GARMENTS = {"sneaker": 278, "T-shirt": 59, "bag": 31}  # lesson 14's test pictures
WALKED = {"pictures": tuple(GARMENTS), "classes": CLOTHES}

FIGURES = [
    Live("01-meet-googlenet", "Trials({", "ab", (520, 450), AB),
    Live("02-the-black-screen", "plots.show(squares, ", "trick", (935, 885), TOWEL, 14.5),
    Live(FOUR, "sliders(raccoon", "sigmoid", (500, 500), {"pixels": RACCOON}),
    Live(FOUR, "sliders(mix", "mix", (350, 350)),
    Live("06-you-cant-fool-a-dog", "fooled = trick(model, dog, ", "trick", (935, 885), DOG, 14.5),
    Live("09-one-sticker-for-everything", "Dragged(model, {", "sticker", (600, 560), STUCK, 14.5),
    Live("14-a-better-network", "by=[plain, robust] * 3", "fashion", (420, 700), WALKED, 2.5),
]


def colours() -> dict[str, list[float]]:
    """Lesson 4's classes, each with the sums of its weights for red, green and blue, and its constant."""
    scope: dict[str, Any] = {}
    for cell in _cells(NOTEBOOKS / f"{FOUR}.ipynb")[1:3]:
        exec("".join(cell["source"]), scope)
    sums = scope["templates"].reshape(8, -1, 3).sum(axis=1)
    rows = zip(scope["names"], sums, scope["constants"], strict=True)
    return {name: [float(f"{number:.9g}") for number in (*row, constant)] for name, row, constant in rows}


def instead(html: str, lesson: Path, number: int) -> str:
    """The HTML of a lesson's figure, with what a live one needs if there is one for it.

    lesson: the notebook. number: of the cell.
    """
    for figure in FIGURES:
        if figure.lesson == lesson.stem and figure.code in "".join(_cells(lesson)[number]["source"]):
            more = {"classes": colours()} if figure.kind == "mix" else {}
            settings = {"megabytes": figure.megabytes, **figure.settings, **more}
            room = "--desk:{}px;--phone:{}px".format(*figure.room)
            data = f'data-live="{figure.kind}" data-settings="{escape(json.dumps(settings))}"'
            return f'<div class="live" style="{room}" {data}>{html}</div>'
    return html


@cache
def _cells(lesson: Path) -> list[dict[str, Any]]:
    """Of a notebook, which is read once for all its figures."""
    cells: list[dict[str, Any]] = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    return cells
