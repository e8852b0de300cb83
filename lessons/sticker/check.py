"""Lesson 10, One sticker for everything: the checks of its exercises."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial

import numpy as np

from lessons.sticker.stickers import worn
from tricknet import images
from tricknet.arrays import GREY
from tricknet.attacks.sticker import SIDE, Sticker, names, place, ready
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, label, network, number, several
from tricknet.counting import rate
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

SQUARE = 32  # pixels a side, of the sticker's own


@exercise(
    "10.1",
    start="The lesson names the function that makes a sticker. Choose a class, and give what it makes to `check`.",
    recipe='`mine = sticker.make(model, "teapot", steps=40)`, then `check("10.1", mine)`.',
)
def _(answer: Sticker) -> str:
    if label(answer.label) in map(label, names()):
        raise Hint(f"There is already a sticker for the {answer.label}. Choose another class.")
    if not answer.gradients:
        raise Hint("It took no gradient to make this one. Give the sticker that `sticker.make` returns.")
    share, answers = 0.17, first_answers(network(), worn(load_all(images.HELD_OUT), answer.pixels, 0.17))
    won = rate(answers.count(label(answer.label)), len(answers))
    if won.k < won.n / 2:
        raise Hint(f"On {share:.0%} of the picture, it works on only {won.k} of {won.n} photographs. Try more steps.")
    return f'GoogLeNet calls {won} photographs with your sticker on {share:.0%} of the picture "{answer.label}"'


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
    start="The sticker comes from a search at one size, and is counted on other photographs. "
    "Treat its rivals the same way.",
    recipe="In `contest`: `best = max(things, key=lambda thing: count(thing, search, share))`, and then "
    "`return count(made, fresh, share), count(best, fresh, share)`.",
)
def _(contest: Callable[..., object]) -> str:
    hits: dict[tuple[object, ...], int] = defaultdict(partial(np.random.default_rng(0).integers, 30_000))
    for nth in range(20):  # everything is but a name here, and every count a number of its own
        made, search, fresh, *things = (f"{what} {nth}" for what in ("made", "search", "fresh", "cup", "hen", "koala"))
        given = several(contest(lambda *asked: hits[asked], made, things, search, fresh, 0.15), 2, "counts")
        asked, best = [*hits], max(things, key=lambda thing: hits[thing, search, 0.15])
        if [*map(number, given)] != [hits[one, fresh, 0.15] for one in (made, best)]:
            if any(size != 0.15 for *_, size in asked):
                raise Hint("They meet at `share`. Search at this size, and count at it.")
            if sum(where == fresh for _, where, _ in asked) > 2:
                raise Hint("You chose the rival where you count, so luck may have chosen it.")
            raise Hint("Find the best thing on `search`, then count it and the sticker where the search hasn't looked.")
    return "in 20 made-up contests, your rival was searched for at the sticker's size, and counted elsewhere"
