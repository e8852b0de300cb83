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

SQUARE = 32  # pixels a side, of the sticker's own


def wins(answer: Sticker, share: float, least: int, advice: str) -> str:
    """How many of the thirty photographs a sticker wins on this share of their area; a Hint if under `least`."""
    if " or " in answer.label:
        raise Hint(f"This sticker is for several classes ({answer.label}). Make one for a single class.")
    if not answer.gradients:
        raise Hint("It took no gradient to make this one. Give the sticker that `sticker.make` returns.")
    target, photographs = label(answer.label), load_all(images.HELD_OUT)
    won = rate(first_answers(network(), worn(photographs, answer.pixels, share)).count(target), len(photographs))
    if won.k < least:
        raise Hint(f"On {share:.0%} of the picture, it works on only {won.k} of {won.n} photographs. {advice}")
    return f'GoogLeNet calls {won} photographs with your sticker on {share:.0%} of the picture "{answer.label}"'


@exercise(
    "10.1",
    start="The lesson names the function that makes a sticker. Choose a class, and give what it makes to `check`.",
    recipe='`mine = sticker.make(model, "teapot", steps=40)`, then `check("10.1", mine)`.',
)
def _(answer: Sticker) -> str:
    if label(answer.label) in map(label, names()):
        raise Hint(f"There is already a sticker for the {answer.label}. Choose another class.")
    return wins(answer, 0.17, 15, "Try more steps.")


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
    start="At which size should the sticker be made? `sticker.make` takes it as `side`, in pixels.",
    recipe='`small = sticker.make(model, "banana", side=57, steps=200)`, then `check("10.3", small)`.',
)
def _(answer: Sticker) -> str:
    return wins(answer, 0.05, 10, "Was it made at this size, and with enough steps?")
