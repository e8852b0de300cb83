"""Three defences to break, each modelled on a real one that was broken: lesson 14's league."""

from collections.abc import Callable

import numpy as np

from tricknet.arrays import Picture, rounded
from tricknet.attacks.steps import walk
from tricknet.attacks.transforms import jpeg
from tricknet.networks.classifier import Classifier, first_answers

SIGMA = 20  # pixel values: the size of the noise
BUDGETS = {"eight shades": 1, "noise": 2, "watchman": 2}  # the largest change of a value, in pixel values


def shades(picture: Picture) -> Picture:
    """Each value becomes one of eight: a staircase with seven steps."""
    return np.rint(np.rint(picture / 255 * 7) / 7 * 255).astype(np.uint8)


def league(model: Classifier) -> dict[str, Callable[[Picture, int], bool]]:
    """Three defences by name. Each takes a picture and its label, and says whether the picture fools it."""
    random = np.random.default_rng(0)

    def eight_shades(picture: Picture, label: int) -> bool:
        return first_answers(model, [shades(picture)]) != [label]

    def noise(picture: Picture, label: int) -> bool:
        looks = [shades(rounded(picture + random.normal(0, SIGMA, picture.shape))) for _ in range(5)]
        return sum(answer != label for answer in first_answers(model, looks)) >= 3

    def watchman(picture: Picture, label: int) -> bool:
        plain, pressed = first_answers(model, [picture, jpeg(picture, 50)])
        return plain == pressed != label  # where they differ, it refuses to answer

    return {"eight shades": eight_shades, "noise": noise, "watchman": watchman}


def unaware(model: Classifier, epsilon: float, picture: Picture, label: int) -> Picture:
    """The picture attacked by somebody who has never heard of the defence: ten steps on the bare network."""
    ended: Picture = walk(picture[None], lambda x: -model.gradient(x, [label]), epsilon=epsilon, steps=10)[0]
    return ended
