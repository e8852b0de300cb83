"""Three defences to break, each modelled on a real one that was broken: lesson 14's league."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tricknet.arrays import Picture
from tricknet.attacks.transforms import InTurn, Noise, StraightThrough, Transform, jpeg
from tricknet.networks.classifier import Classifier

SIGMA = 20  # pixel values: the size of the noise
EPSILON = 4  # the budget


def shades(picture: Picture) -> Picture:
    """Each value becomes one of eight: a staircase with seven steps."""
    return np.rint(np.rint(picture / 255 * 7) / 7 * 255).astype(np.uint8)


@dataclass(frozen=True)
class Filtered:
    """A network that looks at a picture through a filter, drawn anew for each look; the majority of looks decides."""

    model: Classifier
    draw: Callable[[np.random.Generator], Transform]
    looks: int = 1
    random: np.random.Generator = field(default_factory=partial(np.random.default_rng, 0))

    def falls(self, picture: Picture, label: int) -> bool:
        """Do most looks give an answer other than the label?"""
        seen = [self.draw(self.random)(picture) for _ in range(self.looks)]
        wrong = [prediction.best.index != label for prediction in self.model.predict(seen)]
        return sum(wrong) > self.looks / 2


@dataclass(frozen=True)
class Watchman:
    """Believes an answer only if it is the same after JPEG, and otherwise refuses to answer."""

    model: Classifier

    def answers(self, picture: Picture) -> tuple[int, int]:
        """The first answer about the picture, and about its JPEG of quality 50: class indices."""
        plain, pressed = self.model.predict([picture, jpeg(picture, 50)])
        return plain.best.index, pressed.best.index

    def falls(self, picture: Picture, label: int) -> bool:
        """Do both answers agree on a class other than the label? (A refusal does not count.)"""
        plain, pressed = self.answers(picture)
        return plain == pressed != label


def league(model: Classifier) -> dict[str, Filtered | Watchman]:
    """Three defences by name. Each says with `falls(picture, label)` whether a picture fools it."""
    coarse = StraightThrough(shades)
    return {
        "eight shades": Filtered(model, lambda random: coarse),
        "noise": Filtered(model, lambda random: InTurn((Noise(random, SIGMA), coarse)), looks=5),
        "watchman": Watchman(model),
    }
