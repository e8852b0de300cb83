"""Which figures the reader's own browser can compute, in place of the stored still: one row for each.

live/KIND.js computes it. It begins with what starts.py stores, and asks a network only for what goes further.
"""

import json
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple

from tricknet.paths import ROOT


class Live(NamedTuple):
    """A live figure: its kind, and the room it takes.

    room: its height in pixels, on a desk and on a telephone, which is kept free until it is there. settings: the
    kind's own, and the "pictures" that it begins with.
    """

    kind: str
    room: tuple[int, int]
    settings: Mapping[str, Any] = MappingProxyType({})


FASHION = (ROOT / "models" / "fashion" / "labels.txt").read_text(encoding="utf-8")
CLOTHES = [line.partition(" ")[2].partition(",")[0] for line in FASHION.splitlines()]
# A photograph ("": the mean grey) that becomes another class; the first is the lesson's.
TOWEL: dict[str, Any] = {
    "name": "towel",
    "photograph": "",
    "epsilon": 1,
    "steps": 20,
    "classes": ["paper towel", "wool", "jellyfish", "jigsaw puzzle", "vulture", "tennis ball"],
    "beside": "velvet",
}
DOG: dict[str, Any] = {
    "name": "dog",
    "photograph": "german_shepherd",
    "epsilon": 2,
    "steps": 30,
    "classes": ["tennis ball", "vulture", "teapot", "shower cap", "paper towel"],
    "beside": "German shepherd",
}
GARMENTS = {"sneaker": 278, "T-shirt": 59, "bag": 31}  # lesson 14's test pictures
WALKED = {"pictures": tuple(GARMENTS), "classes": CLOTHES}

# By the notebook and the cell's id.
FIGURES = {
    "02-black-screen-cell-27": Live("trick", (935, 885), TOWEL),
    "06-dogs-dogs-02": Live("trick", (935, 885), DOG),
    "14-better-network-c20": Live("fashion", (420, 700), WALKED),
}


def instead(html: str, name: str, state: Mapping[str, Any]) -> str:
    """The HTML of a lesson's figure and, if there is a live one of this name, what that needs.

    state: what the notebook's cell has stored for it.
    """
    if not (figure := FIGURES.get(name)):
        return html
    room = "--desk:{}px;--phone:{}px".format(*figure.room)
    data = f'data-live="{figure.kind}" data-settings="{escape(json.dumps({**state, **figure.settings}))}"'
    return f'<div class="live" style="{room}" {data}>{html}</div>'
