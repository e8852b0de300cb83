"""A universal perturbation: one for all, that makes a network misread many photographs.

Moosavi-Dezfooli et al. (2017) found that such perturbations exist. They built theirs from one photograph after another;
this one takes the steps of `walk` along the mean gradient of a few photographs at a time. The idea of making layers
respond strongly, whatever the class, comes from Mopuri et al. (2018).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from tricknet.arrays import GREY, Floats, Numbers, Picture, Pictures
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.result import added, at_least_one, whole
from tricknet.attacks.steps import Ascent
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Objective
from tricknet.progress import bar

STEP = 20  # pixel values: the length of the first step


@dataclass(frozen=True, eq=False)
class Universal:
    """One perturbation for all photographs: int16, height x width x 3. gradients: how many it took to make it."""

    perturbation: npt.NDArray[np.int16]
    gradients: int

    def on(self, picture: Picture) -> Picture:
        """A picture (or a batch) with it added, cut off at 0 and 255: uint8."""
        return added(picture, self.perturbation)


class Added:
    """A photograph to which a perturbation (a picture, in which GREY adds nothing) is added."""

    def __init__(self, photograph: Picture):
        self._photograph = photograph.astype(np.float32)

    def __call__(self, picture: Numbers) -> Floats:
        """The photograph with the perturbation, no value outside 0..255: float32."""
        total: Floats = np.clip(self._photograph + picture - np.float32(GREY), 0, 255)
        return total

    def back(self, gradient: Floats) -> Floats:
        """The gradient as it is: where a value is clipped, another photograph may have room."""
        return gradient


def random_crop(photograph: Picture, random: np.random.Generator) -> Picture:
    """A random square part of a photograph, at least 60% of it each way, at the old size, and mirrored or not.

    The aim is that a few photographs do the work of many, and that the perturbation does not fit those few alone.
    """
    image = Image.fromarray(photograph)
    side = random.uniform(0.6, 1) * image.width
    left, top = random.uniform(0, image.width - side, 2)
    part = np.array(image.resize(image.size, Image.Resampling.BILINEAR, box=(left, top, left + side, top + side)))
    return part[:, ::-1] if random.random() < 0.5 else part


def universal(
    model: Classifier,
    photographs: Pictures,
    objectives: Sequence[Objective],
    *,
    epsilon: float = 10,
    steps: int = 60,
    batch: int = 4,
    seed: int = 0,
) -> Universal:
    """One perturbation, no value of it above epsilon, for all photographs (uint8, n x 224 x 224 x 3).

    objectives: what is climbed, one for each photograph. batch: how many photographs each step uses, drawn at random
    with `seed`. Returns the perturbation after the last step, or after Ctrl-C the one so far. The steps compute
    gradients and no answers, so it need not be the best on the way. Raises ValueError for photographs that are not
    uint8, and for an epsilon or steps below 1.
    """
    at_least_one(epsilon=epsilon, steps=steps)
    photographs, random = whole(photographs, 4), np.random.default_rng(seed)

    def gradient_of(pictures: Floats) -> Floats:
        chosen = random.integers(len(photographs), size=batch)
        adding = [Added(random_crop(photographs[i], random)) for i in chosen]
        slopes = gradient_through(model, np.repeat(pictures, batch, axis=0), [objectives[i] for i in chosen], adding)
        mean: Floats = slopes.mean(axis=0, keepdims=True)
        return mean

    start = np.full((1, *photographs.shape[1:]), GREY, dtype=np.uint8)
    ascent = Ascent(start, epsilon=epsilon, steps=steps, method="calm", step=STEP)
    with suppress(KeyboardInterrupt):  # what was reached is kept
        for _ in bar(range(steps), desc="steps"):
            ascent.step(gradient_of(ascent.pictures.astype(np.float32)))
    (end,) = ascent.pictures.astype(np.int16) - GREY
    return Universal(end, gradients=batch * ascent.taken)
