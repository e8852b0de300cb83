"""Lesson 1, Meet GoogLeNet: the checks of its exercises."""

from itertools import product

import numpy as np
from PIL import Image

from tricknet import images
from tricknet.arrays import Picture
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, made, picture, top

SMALL = 80  # pixels: the largest side at which 1.3's panda counts as small


@exercise(
    "1.1",
    start="A photograph from a phone will do. Which folder must it go into, and what does `images.load` want?",
    recipe='Put the file into `images/`, then write `mine = images.load("../images/yours.jpg")`.',
)
def _(mine: object) -> str:
    given = made(mine)
    if np.diff(given.astype(int), axis=0).std() >= given.std(axis=(0, 1)).max():  # a photograph's neighbours are alike
        raise Hint("This is noise, or has one colour only. Load a photograph.")
    for name, crop, way in product(images.examples(), (True, False), (1, -1)):
        if np.array_equal(given[:, ::way], images.load(name, crop)):
            raise Hint(f"This is the course's own {name}. Load a photograph of your own.")
    return f"this is a picture of the right size, and the network calls it {top(ask(given))}"


@exercise(
    "1.2",
    start="Try `plots.show(jigsaw(4))`, which is still a panda to the network, and then smaller pieces.",
    recipe="`for seed in range(50): print(seed, model.predict(jigsaw(7, seed)))` asks about fifty ways to shuffle 49 "
    'pieces. Give `check` a `jigsaw(n, seed)` that is still called "giant panda".',
)
def _(jigsaw: object) -> str:
    given = picture(jigsaw)
    tiles, prediction = _tiles(given), ask(given)
    if prediction.best.name != "giant panda":
        raise Hint(f"The network calls the panda in {tiles} pieces {top(prediction)}. Try larger pieces.")
    return f"for the panda in {tiles} shuffled pieces, the network's answer is still {top(prediction)}"


@exercise(
    "1.3",
    start="How does the answer change as the panda shrinks? Ask about many sizes, one after the other.",
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
    return f"at {side} pixels, {(side / 224) ** 2:.0%} of the picture, the answer is still {top(prediction)}"


def _tiles(given: Picture) -> int:
    """Into how many square pieces the panda was cut before they were shuffled. Raises Hint for anything else."""
    for n in (7, 8, 14, 16, 28, 32):
        both = (x.reshape(n, 224 // n, n, -1).swapaxes(1, 2) for x in (given, images.load("panda")))
        pieces, whole = ([one.tobytes() for one in x.reshape(n * n, -1)] for x in both)
        if sorted(pieces) == sorted(whole):
            beside = ({pair for k in (1, n) for pair in zip(x, x[k:], strict=False)} for x in (pieces, whole))
            if len(set.intersection(*beside)) > 12:  # which luck never leaves together
                raise Hint(
                    "Many neighbours are still neighbours. Cut the panda into 49 pieces or more, and shuffle them all."
                )
            return n * n
    raise Hint("These are not the pieces of the course's panda. `jigsaw(n)` cuts it into n × n, for 2, 4, 7, 8, 14 ...")


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
