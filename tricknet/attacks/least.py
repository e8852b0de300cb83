"""The least perturbation: the nearest picture in which a network sees something else.

`trick` gets a budget and makes the most of it. Here the size of the perturbation is what counts: its L2 norm, the root
of the sum of its squares, in pixel values.
"""

import math
from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np

from tricknet.arrays import Floats, Picture
from tricknet.attacks.attack import Moment, attack
from tricknet.attacks.result import Change, Nearest
from tricknet.attacks.steps import Ascent, climb, cosine
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Class, Target

BOX = 255  # no budget: any value may move as far as there is room
RADIUS = 255  # at the start: one value from black to white, or every value of 224 x 224 x 3 by 0.66
STEP = (255, 2.55)  # the lengths of the first and the last step: DDN's
SHARE = (0.05, 0.005)  # by which the radius changes at first, and at last: 100 steps divide it by 16 at most


class Approach(Ascent):
    """A picture on spheres around where it began. The sphere shrinks after a hit and grows after a miss.

    This is DDN, "decoupled direction and norm" (Rony et al. 2019), with two differences. DDN rounds the perturbation
    itself at every step, and forgets what is smaller than half a pixel value, which is most of it. Here only what is
    shown is rounded, as in `Ascent`, so that fractions add up until they count. And the radius settles: DDN's changes
    by 5% to the end.
    """

    def __init__(self, picture: Picture, *, steps: int):
        super().__init__(picture, epsilon=BOX, steps=steps, method="gradient")
        self._start, self._radius = self._x, float(RADIUS)
        self.hit = False  # whoever looks at the picture says here whether it is one

    def further(self, shown: Picture, gradient: Floats, taken: int) -> Picture:
        """Go one step along a gradient of the picture's shape, and then to the sphere."""
        left = cosine(taken / self.steps)
        length, share = (last + left * (first - last) for first, last in (STEP, SHARE))
        self._radius *= 1 - share if self.hit else 1 + share
        perturbation = self._x - self._start + of_size(gradient, length)
        self._x = np.clip(self._start + of_size(perturbation, self._radius), self._low, self._high)
        return self.pictures


@attack(Nearest)
def smallest(
    model: Classifier, picture: Picture, target: Target, *, steps: int = 100, less_like: bool = False
) -> Iterator[Moment]:
    """Find the smallest perturbation, in L2, that makes the target the network's first answer.

    picture: uint8, height x width x channels. target: a class by index or name, or a set of classes that count as one.
    steps: forward and backward passes. less_like: the first answer should be anything but the target.

    The frames of the result are the picture and every hit that was nearer than all before, in whole numbers; `after` is
    the nearest. If there was none, `after` is the picture and `fooled` is False. No search shows that nothing nearer
    exists: the size is an upper bound. Ctrl-C stops it early, and you get the nearest so far. Raises ValueError for a
    picture that is not uint8, or steps below 1; LabelError (a KeyError) for an unknown name; it suggests similar ones.
    """
    approach, classes = Approach(picture, steps=steps), model.indices(target)
    # The logarithm of the odds. Its gradient points where that of the log-probability does, and does not vanish where
    # the network is sure.
    odds = Class(classes) - Class(set(range(len(model.labels))) - classes)
    look = partial(model.predict_and_gradient, objectives=-odds if less_like else odds)
    best: list[Moment] = []  # the picture, and each nearest hit
    nearest = math.inf
    for frame, prediction in islice(climb(picture, look, approach.further, steps=steps), steps):
        approach.hit = (prediction.best.index in classes) != less_like
        size = Change(picture, frame).length
        if not best or (approach.hit and size < nearest):
            best.append((frame, prediction.probabilities))
        if approach.hit:
            nearest = min(nearest, size)
        yield best[-1]
        if nearest == 0:
            break  # the picture itself is one


def of_size(array: Floats, size: float) -> Floats:
    """An array, stretched to this L2 norm. Zeros remain zeros."""
    norm = float(np.linalg.norm(array.astype(np.float64)))
    return array * (size / norm) if norm else array
