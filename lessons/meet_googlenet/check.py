"""Lesson 1, Meet GoogLeNet: the checks of its exercises."""

from itertools import pairwise, product
from math import isqrt

import numpy as np
from PIL import Image

from tricknet import images
from tricknet.arrays import Picture
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, picture, top

# The sides of 1.3's panda, in pixels: the largest that counts as small, and the smallest that is known to be a panda.
SMALL, SMALLEST = 80, 73
TOGETHER = 12  # pairs of neighbours that luck may leave neighbours. Among shuffled pieces, it's three or four


@exercise(
    "1.1",
    start="A photograph from a phone will do. Into which folder must it go, and what does `images.load` want?",
    recipe='Put the file into `images/`, then write `mine = images.load("../images/yours.jpg")`.',
)
def _(mine: object) -> str:
    given = picture(mine)
    if not np.ptp(given, axis=(0, 1)).any():
        raise Hint("This picture has one colour only. Load a photograph.")
    for name in images.examples():
        if np.array_equal(given, images.load(name)):
            raise Hint(f"This is the course's own {name}, cropped as it always is. Load a photograph of your own.")
    return f"this is a picture of the right size, and the network calls it {top(ask(given))}"


@exercise(
    "1.2",
    start="Try `plots.show(jigsaw(4))`, and ask the network about it. How far can you go?",
    recipe="`for seed in range(50): print(seed, model.predict(jigsaw(7, seed)))` asks about fifty ways to shuffle 49 "
    'pieces. Give `check` a `jigsaw(n, seed)` that is still called "giant panda".',
)
def _(jigsaw: object) -> str:
    given = picture(jigsaw)
    tiles = _tiles(given)
    prediction = ask(given)
    if prediction.best.name != "giant panda":
        raise Hint(f"The network calls the panda in {tiles} pieces {top(prediction)}. Try larger pieces.")
    if tiles < 16:
        raise Hint(f"In {tiles} pieces it is still {top(prediction)}. Cut it up further: smaller pieces will do, too.")
    return f"for the panda in {tiles} shuffled pieces, the network's answer is still {top(prediction)}"


@exercise(
    "1.3",
    start="How does the answer change as the panda shrinks? Ask about many sides, one after the other.",
    recipe="`for side in range(50, 120): print(side, model.predict(small(side)))` asks about each. Give `check` "
    '`small(side)` with the smallest side that is still called "giant panda".',
)
def _(small_panda: object) -> str:
    given = picture(small_panda)
    side, prediction = _side(given), ask(given)
    if prediction.best.name != "giant panda":
        raise Hint(f"At {side} pixels the network says {top(prediction)}. Try a larger panda.")
    if side > SMALL:
        raise Hint(f"At {side} pixels it is {top(prediction)}, but the network knows smaller pandas than that.")
    smaller = f", but {SMALLEST} has been done" if side > SMALLEST else ""
    return f"at {side} pixels, {(side / 224) ** 2:.0%} of the picture, the answer is still {top(prediction)}{smaller}"


def _tiles(given: Picture) -> int:
    """Into how many square pieces the panda was cut before they were shuffled. Raises Hint for anything else."""
    panda = images.load("panda")
    if np.array_equal(given, panda):
        raise Hint("This is the panda in one piece. Cut it up, and shuffle the pieces.")
    for n in (2, 4, 7, 8, 14, 16, 28, 32):
        pieces, whole = _cut(given, n), _cut(panda, n)
        if sorted(pieces) == sorted(whole):
            if (together := len(_pairs(pieces) & _pairs(whole))) > TOGETHER:
                raise Hint(f"In {n * n} pieces, {together} pairs of neighbours are still neighbours. Shuffle them all.")
            return n * n
    raise Hint("These are not the pieces of the course's panda. `jigsaw(n)` cuts it into n × n, for 2, 4, 7, 8, 14 ...")


def _cut(given: Picture, n: int) -> list[bytes]:
    """The n x n square pieces of a picture, each as its bytes."""
    side = len(given) // n
    return [given[y : y + side, x : x + side].tobytes() for y, x in product(range(0, n * side, side), repeat=2)]


def _pairs(pieces: list[bytes]) -> set[tuple[bytes, bytes]]:
    """The neighbours among n x n pieces: side by side, or one above the other."""
    n = isqrt(len(pieces))
    beside = {pair for at, pair in enumerate(pairwise(pieces), 1) if at % n}
    return beside | {*zip(pieces, pieces[n:], strict=False)}


def _side(given: Picture) -> int:
    """How high and wide what lies on white is, in pixels. Raises Hint where it is not a picture in a white frame."""
    box = Image.fromarray(255 - given).getbbox()
    if not box:
        raise Hint("This picture is all white: where is the panda?")
    left, top, right, bottom = box
    side = max(right - left, bottom - top)
    if side == len(given):
        raise Hint("There is no white around this panda: make it smaller than 224 × 224 pixels.")
    square = [Image.fromarray(given).crop((left, top, left + side, top + side)), Image.fromarray(images.load("panda"))]
    few = [np.asarray(one.convert("L").resize((8, 8), Image.Resampling.BOX)) for one in square]
    if np.corrcoef(few[0].flat, few[1].flat)[0, 1] < 0.8:
        raise Hint("What lies on the white is not the whole panda of the lesson.")
    return side
