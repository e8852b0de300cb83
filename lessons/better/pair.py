"""Lesson 14's matched pair: trained by the page's own step, they differ in one number. And what they survive."""

import json
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from lessons.better import walks
from tricknet import Classifier
from tricknet import training as learn
from tricknet.arrays import Numbers, Pictures, rounded
from tricknet.attacks.steps import Ascent
from tricknet.cases import first_answers
from tricknet.fashion_mnist import Answers
from tricknet.networks.objectives import Margin, Objective, Target
from tricknet.paths import NOTEBOOKS

type Bools = npt.NDArray[np.bool_]

SIZE = 50  # pictures in a batch
SCALES = [1 / 128**2] + 7 * [1]  # of the first layer's weights, which multiply pixel values, and of all others


def fresh(seed: int) -> learn.Trainee:
    """A network with random weights, ready for batches of SIZE."""
    trainee = learn.Trainee(seed=seed, steps=1)
    trainee.net.blobs["data"].reshape(SIZE, 1, 28, 28)
    trainee.net.blobs["label"].reshape(SIZE)
    return trainee


def of_the_page(old: str = "", new: str = "") -> dict[str, Any]:
    """What the lesson's page defines up to its `step` and `train`, perhaps with one line of that cell changed."""
    cells = json.loads((NOTEBOOKS / "14-a-better-network.ipynb").read_text(encoding="utf-8"))["cells"]
    imports, training = ("".join(cell["source"]) for cell in cells if cell["id"] in ("c01", "c04"))
    page: dict[str, Any] = {}
    exec(f"{imports}\n{training.replace(old, new)}", page)
    return page


def which_survive(model: Classifier, pictures: Pictures, answers: Answers, epsilon: float) -> Bools:
    """Which pictures survive: those of which the answer is right before the attack and after each of its 20 steps.

    The attack follows the signs of the margin's gradient within epsilon. Where there is none, a picture does not
    survive: see `fooled`. pictures: uint8, n x 28 x 28 x 1.
    """
    return ~fooled(model, pictures, answers, epsilon, pictures, steps=20)


def fooled(
    model: Classifier, pictures: Pictures, answers: Answers, epsilon: float, begin: Numbers, *, steps: int = 50
) -> Bools:
    """Which pictures it gets wrong at any moment of an attack that begins at `begin`. To be on the safe side, a picture
    without a gradient at any moment counts too: there the attack is blind.
    """
    away: list[Objective | Target] = [-Margin(int(answer)) for answer in answers]
    ascent = Ascent(pictures, epsilon=epsilon, steps=steps, method="sign", begin=begin)
    wrong = np.zeros(len(pictures), bool)
    for _ in range(steps):
        predictions, gradients = walks.answers_and_slopes(model, ascent.pictures, away)
        wrong |= [prediction.best.index for prediction in predictions] != answers
        wrong |= ~gradients.any(axis=(1, 2, 3))
        ascent.step(gradients)
    wrong |= np.not_equal(first_answers(model, ascent.pictures), answers)
    return wrong


def rotated(model: Classifier, pictures: Pictures, answers: Answers, angle: float) -> Bools:
    """Which pictures are fooled when they are turned, by `angle` degrees or by less?"""
    wrong = np.zeros(len(pictures), bool)
    for turn in np.arange(-angle, angle + 1, 2):
        turned = ndimage.rotate(pictures, turn, axes=(1, 2), reshape=False, order=1, output=float)
        wrong |= np.not_equal(first_answers(model, rounded(turned)), answers)
    return wrong
