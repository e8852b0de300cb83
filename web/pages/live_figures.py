"""Which figures the reader's own browser can compute, in place of the stored still: one row for each.

live/KIND.js computes it. It begins with what starts.py stores.
"""

import json
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple

from lessons.meet_googlenet.ab import TRIALS, verdict


class Live(NamedTuple):
    """A live figure: its kind, and the room it takes.

    room: its height in pixels, on a desk and on a telephone, which is kept free until it is there. settings: the
    kind's own, and the "pictures" that it begins with.
    """

    kind: str
    room: tuple[int, int]
    settings: Mapping[str, Any] = MappingProxyType({})


FOUR = "04-straight-line"
RACCOON = {"a": (30, 23), "b": (10, -3), "c": (20, 9), "d": (2, 2), "e": (10, -5)}  # each pixel's value and weight
AB = {"pictures": ("panda", "vulture"), "verdicts": [verdict(right) for right in range(TRIALS + 1)]}

# By the notebook and the cell's id.
FIGURES = {
    "01-meet-googlenet-cell-27": Live("ab", (520, 450), AB),
    f"{FOUR}-line-10": Live("sigmoid", (500, 500), {"pixels": RACCOON}),
    f"{FOUR}-line-20": Live("mix", (350, 350)),
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
