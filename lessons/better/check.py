"""Lesson 14, A better network: the checks of its exercises."""

import numpy as np
from scipy import ndimage

from lessons.better import pair, table
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, matched, number
from tricknet.networks.fashion import FashionNet
from tricknet.training import Trainee

__all__ = ["check"]

BOOT = 0  # the lesson's boot among the test pictures
EPSILON, LEAST, PICTURES = 16, 55, 100


@exercise(
    "14.1",
    start="Write a letter for each drawing, in the order of their numbers, with a dot where you have no idea: 12 "
    "characters in a string, once for the garments and once for the twins.",
    recipe="Squint, or step back: which outline is it? Then find its other drawing. Which of the two has less snow?",
)
def _(garments: object, drawn_by: object) -> str:
    rows = table("ballot")
    seen = matched(garments, [row["target"] for row in rows], "garments")
    twins = str(drawn_by).upper().translate(str.maketrans("TP", "AB"))
    return f"{seen}; {matched(twins, [row['network'] for row in rows], 'twins')}"


@exercise(
    "14.2",
    start="The lesson's network had 120 batches and an epsilon of 25. What do more batches do? And another epsilon? "
    "Give the network to `check`.",
    recipe='`network, _ = train(25, batches=400)`, then `check("14.2", network)`.',
)
def _(answer: object) -> str:
    if not isinstance(answer, Trainee):
        raise Hint(f"The answer should be the network that `train` returns first; it is {kind(answer)}.")
    every, its_answers = fashion_mnist.test_set()
    pictures, answers = every[:PICTURES], its_answers[:PICTURES]
    clean = answer.right(pictures, answers).sum()
    survive = pair.which_survive(answer.classifier(), pictures, answers, EPSILON).sum()
    found = f"of {PICTURES} test pictures, {survive} survive an epsilon of {EPSILON}, and {clean} are right without one"
    if survive < LEAST:
        raise Hint(f"{found[0].upper()}{found[1:]}. The aim is {LEAST}: was it attacked in training too?")
    return found


@exercise(
    "14.3",
    start="Halve the interval: at 0 degrees it is a boot, and at -8 it isn't. And what of the other direction?",
    recipe="`ndimage.rotate(boot, degrees, reshape=False, order=1)` for `degrees` from 0.1 to 8 in steps of 0.1, and "
    "for the same angles below 0, until `robust` no longer says ankle boot.",
)
def _(degrees: object) -> str:
    turn = round(number(degrees, "The degrees"), 1)
    if abs(turn) > 30:
        raise Hint(f"{turn:g} degrees is too far: use an angle from -30 to 30.")
    boot, smaller = fashion_mnist.test_set()[0][BOOT], np.arange(1, round(abs(turn) * 10)) / 10
    turned = [ndimage.rotate(boot, each, reshape=False, order=1) for each in (*smaller, *-smaller, turn)]
    *before, name = [prediction.best.name for prediction in FashionNet("robust").predict(turned)]
    if name == "ankle boot":
        raise Hint(f'Turned by {turn:g} degrees, the boot is still "{name}". Go further, or the other way.')
    if set(before) - {"ankle boot"}:
        raise Hint(f'Turned by {turn:g} degrees, the boot is "{name}". But a smaller angle, in tenths, is enough.')
    return f'turned by {turn:g} degrees, the boot is "{name}" to the robust network, and no smaller angle is enough'
