"""Lesson 1, Meet GoogLeNet: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.arrays import Picture
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import ask, number, picture, top

LARGEST_SIDE = 80  # an answer to 1.3 that is smaller than this can be made larger: 84 pixels are known to do


@exercise(
    "1.1",
    start='Put a photograph into the folder `images/`, load it with `images.load("../images/yours.jpg")`, '
    "and give `check` the picture.",
)
def _(mine: object) -> str:
    given = picture(mine)
    for name in images.examples():
        if _same(given, images.example(name)):
            raise Hint(f"This is the course's own {name}, cropped as it always is. Load a photograph of yours.")
    return f"this is a picture of the right size, and the network calls it {top(ask(given))}"


@exercise(
    "1.2",
    start='Ask `model.predict(panda[::-1])` for its probability of "giant panda", and give `check` the number.',
)
def _(upside_down: object) -> str:
    given = number(upside_down)
    panda = images.example("panda")
    chance = ask(panda[::-1])["giant panda"]
    if given > 1:
        raise Hint("A probability lies between 0 and 1.")
    if abs(given - chance) > 0.0005:
        others = {"as it is": panda, "mirrored": panda[:, ::-1], "on its side": panda.transpose(1, 0, 2)}
        for what, turned in others.items():
            if abs(given - ask(turned)["giant panda"]) < 1e-6:
                raise Hint(f"That is the panda {what}. `panda[::-1]` turns the rows upside down.")
        raise Hint(f"The network gives another number than {given:.4f} for the panda upside down.")
    side = ask(panda.transpose(1, 0, 2))["giant panda"]
    return f"the network says giant panda with {chance:.2%} upside down, and with {side:.2%} on its side"


@exercise(
    "1.3",
    start="Make the panda grey and small with Pillow, paste it onto a white picture of 224 × 224 pixels, "
    "and give `check` the array.",
)
def _(small_panda: object) -> str:
    given = picture(small_panda)
    if (given != given[..., :1]).any():
        raise Hint("This picture has colours: in a grey one red, green and blue are equal everywhere.")
    side = _side(given)
    answer = ask(given)
    if answer.top(1)[0][1] == "giant panda":
        raise Hint(f"At {side} pixels the network still says {top(answer)}. Try a smaller one.")
    if side < LARGEST_SIDE:
        raise Hint(f"At {side} pixels the network says {top(answer)}. A larger one will do too: look for it.")
    return f"at {side} pixels the network's first answer is {top(answer)}, and no longer a panda"


def _same(a: Picture, b: Picture) -> bool:
    return bool((a == b).all())


def _side(given: Picture) -> int:
    """How high and wide what lies on white is, in pixels. Raises Hint where it is not a picture in a white frame."""
    ink = (given < 255).any(axis=2)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        raise Hint("This picture is all white: where is the panda?")
    side = int(max(np.ptp(rows), np.ptp(columns))) + 1
    if side == len(given):
        raise Hint("There is no white around this panda: make it smaller than 224 × 224 pixels.")
    inside = given[rows[0] : rows[0] + side, columns[0] : columns[0] + side].astype(float).mean(axis=2)
    if np.corrcoef(_shrunk(inside), _shrunk(images.example("panda").astype(float).mean(axis=2)))[0, 1] < 0.8:
        raise Hint("What lies on the white does not look like the course's panda.")
    return side


def _shrunk(grey: np.ndarray) -> np.ndarray:
    """An array of grey values as 8 x 8 means, in one row: enough to tell one picture from another."""
    rows = np.array_split(grey, 8)
    return np.array([block.mean() for row in rows for block in np.array_split(row, 8, axis=1)])
