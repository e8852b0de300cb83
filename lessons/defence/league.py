"""Three defences to break, each after a real one that was broken: lesson 13's league."""

from dataclasses import dataclass

import numpy as np

from lessons.defence.defences import Defended, Flat, always
from tricknet.arrays import Floats, Numbers, Picture
from tricknet.attacks.transforms import Noise, StraightThrough, jpeg
from tricknet.networks.classifier import Classifier

SIGMA = 20  # pixel values: the size of the noise
EPSILON = 4  # the budget


def shades(picture: Picture) -> Picture:
    """Each value becomes one of eight: a staircase with seven steps."""
    steps: Picture = np.rint(np.rint(picture / 255 * 7) / 7 * 255).astype(np.uint8)
    return steps


@dataclass(frozen=True)
class Watchman:
    """Believes an answer only if it is the same after JPEG, and otherwise refuses to answer."""

    model: Classifier

    def answers(self, picture: Picture) -> tuple[int, int]:
        """The first answer about the picture, and about its JPEG of quality 50: class indices."""
        plain, pressed = self.model.predict([picture, jpeg(picture, 50)])
        return plain.best.index, pressed.best.index

    def falls(self, picture: Picture, label: int) -> bool:
        """Do both answers agree on another class than the label? (A refusal is not a fall.)"""
        plain, pressed = self.answers(picture)
        return plain == pressed != label


def league(model: Classifier) -> dict[str, Defended | Watchman]:
    """Three defences by name. Each says with `falls(picture, label)` whether a picture has beaten it."""
    return {
        "eight shades": Defended(model, always(Flat(shades))),
        "noise": Defended(model, lambda random: _Shaded(Noise(random, SIGMA)), looks=5),
        "watchman": Watchman(model),
    }


@dataclass(frozen=True)
class _Shaded:
    """Noise, and then eight shades, through which no gradient comes back."""

    noise: Noise

    def __call__(self, picture: Numbers) -> Numbers:
        return StraightThrough(shades)(self.noise(picture))

    def back(self, gradient: Floats) -> Floats:
        return np.zeros_like(gradient)
