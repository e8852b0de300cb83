"""Lesson 10, One sticker for everything: the checks of its exercises."""

import numpy as np

from lessons.sticker.stickers import worn
from tricknet import images
from tricknet.arrays import GREY
from tricknet.attacks.sticker import SIDE, Sticker, names, place, ready
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, label, network, number
from tricknet.counting import rate
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

TRIED = images.HELD_OUT[::3]
SQUARE = 32  # pixels a side, of the sticker's own
LARGE = 0.25  # of the picture's area


@exercise(
    "10.1",
    start="The lesson names the function that makes a sticker. Choose a class, and give what it makes to `check`.",
    recipe='`mine = sticker.make(model, "teapot", steps=40)`, then `check("10.1", mine)`.',
)
def _(answer: Sticker) -> str:
    if answer.label in names():
        raise Hint(f"There is already a sticker for the {answer.label}. Choose another class.")
    if " or " in answer.label:
        raise Hint(f"This sticker is for several classes ({answer.label}). Make one for a single class.")
    places = np.random.default_rng(10).uniform(SIDE / 2, images.SIZE - SIDE / 2, (len(TRIED), 2))
    pictures = [place(one, answer.pixels, (y, x), SIDE) for one, (y, x) in zip(load_all(TRIED), places, strict=True)]
    hits = first_answers(network(), pictures).count(label(answer.label))
    if hits < len(TRIED) / 2:
        raise Hint(f"It works on only {hits} of {len(TRIED)} held-out photographs. Try more steps.")
    return f'GoogLeNet calls {rate(hits, len(TRIED))} held-out photographs with your sticker "{answer.label}"'


@exercise(
    "10.2",
    start="Look at the sticker. If you had to guess, which part of it says toaster? Cover that.",
    recipe="Try them all: two loops over `range(0, 73, 8)`, with `grey(row, column)` from above, and keep a place for "
    "which `model.predict(grey(row, column)).best.name` is `'giant panda'`.",
)
def _(row: object, column: object) -> str:
    corner = [number(row), number(column)]
    if any(n != int(n) or not 0 <= n <= SIDE - SQUARE for n in corner):
        raise Hint(f"Row and column should be whole numbers from 0 to {SIDE - SQUARE}; yours are {row} and {column}.")
    top, left = map(int, corner)
    covered = ready("toaster").pixels.copy()
    covered[top : top + SQUARE, left : left + SQUARE, :3] = GREY
    _, name, p = ask(place(images.load("panda"), covered, (112, 112), SIDE)).best
    if name != "giant panda":
        raise Hint(f'With the square there it is still "{name}" ({p:.1%}). Which part have you not covered?')
    return f'with that square covered the network says "giant panda" ({p:.1%}), though the rest of the sticker is there'


@exercise(
    "10.3",
    start="The lesson puts all 40 photographs of `images.EVIDENCE` on one picture each. Put each on ten.",
    recipe="For each name in `images.EVIDENCE`: `shown = worn(thirty[::3], images.load(name), 0.25)`, then count how "
    "often `model.predict(shown)` gives the answer that it gives to the photograph itself.",
)
def _(answer: str) -> str:
    if answer not in images.EVIDENCE:
        raise Hint(f"The answer should be a name from `images.EVIDENCE`, such as 'zebra'; it is {answer!r}.")
    thing = images.load(answer)
    own, name, _ = ask(thing).best
    hits = first_answers(network(), worn(load_all(TRIED), thing, LARGE)).count(own)
    if hits < len(TRIED) / 2:
        raise Hint(f"The {name} wins on only {hits} of {len(TRIED)}. Another photograph wins on most of them.")
    return f"cut to a disc, the {name} decides the answer for {hits} of {len(TRIED)} photographs"
