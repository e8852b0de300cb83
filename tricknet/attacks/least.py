"""The least perturbation: the nearest picture in which a network sees something else.

`trick` gets a budget and makes the most of it. Here the size of the perturbation is what counts: its L2 norm, the root
of the sum of its squares, in pixel values.
"""

import math

import numpy as np

from tricknet.arrays import Floats, Numbers, Picture, Pictures
from tricknet.attacks.result import at_least_one
from tricknet.attacks.steps import TINY, Ascent, ascend, cosine
from tricknet.attacks.trick import Trick, paired
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Class, Target
from tricknet.progress import bar

BOX = 255  # no budget: any value may move as far as there is room
RADIUS = 255  # at the start: one value from black to white, or every value of 224 x 224 x 3 by 0.66
STEP = (255, 2.55)  # the lengths of the first and the last step: DDN's
SHARE = (0.05, 0.005)  # by which the radius changes at first, and at last: 100 steps divide it by 16 at most


class Approach(Ascent):
    """Pictures on spheres around where they began. A sphere shrinks after a hit and grows after a miss.

    This is DDN, "decoupled direction and norm" (Rony et al. 2019), with two differences. DDN rounds the perturbation
    itself at every step, and forgets what is smaller than half a pixel value, which is most of it. Here only what is
    shown is rounded, as in `Ascent`, so that fractions add up until they count. And the radius settles: DDN's changes
    by 5% to the end.
    """

    def __init__(self, pictures: Pictures, *, steps: int):
        super().__init__(pictures, epsilon=BOX, steps=steps, method="gradient")
        self._start = self._x
        self._radius = np.full(len(pictures), float(RADIUS))
        self.hit = np.zeros(len(pictures), dtype=bool)  # whoever looks at `shown` says here which of them are hits

    def step(self, gradient: Floats) -> None:
        """Go one step along a gradient of the pictures' shape, and then to the sphere."""
        left = cosine(self.taken / self.steps)
        length, share = (last + left * (first - last) for first, last in (STEP, SHARE))
        self._radius *= np.where(self.hit, 1 - share, 1 + share)
        perturbation = self._x - self._start + _of_size(gradient, length)
        self._x = np.clip(self._start + _of_size(perturbation, self._radius), self._low, self._high)
        self.taken += 1


def smallest(
    model: Classifier, picture: Picture, target: Target, *, steps: int = 100, less_like: bool = False
) -> Trick:
    """Find the smallest perturbation, in L2, that makes the target the network's first answer.

    picture: uint8, 224 x 224 x 3. target: a class by index or name, or a set of classes that count as one. steps:
    forward and backward passes. less_like: the first answer should be anything but the target.

    The frames of the result are the picture and every hit that was nearer than all before, in whole numbers; `after` is
    the nearest. If there was none, `after` is the picture and `fooled` is False. No search shows that nothing nearer
    exists: the size is an upper bound. Ctrl-C stops it early, and you get the nearest so far. Raises ValueError for a
    picture that is not uint8, or steps below 1; LabelError (a KeyError) for an unknown name; it suggests similar ones.
    """
    pictures, _ = paired(np.asarray(picture)[None], [target])
    at_least_one(steps=steps)
    wanted = model.find(target)
    # The logarithm of the odds. Its gradient points where that of the log-probability does, and does not vanish where
    # the network is sure.
    odds = Class(wanted) - Class(set(range(len(model.labels))) - wanted)
    approach = Approach(pictures, steps=steps)
    taken = ascend(approach, lambda shown: model.predict_all_and_gradients(shown, -odds if less_like else odds))
    kept: list[tuple[Picture, Prediction]] = []
    nearest, asked = math.inf, 0
    try:
        for (shown,), (said,) in bar(taken, total=steps, desc="steps"):
            asked += 1
            size, hit = distance(shown, picture), (said.best.index in wanted) != less_like
            if not kept or (hit and size < nearest):
                kept.append((shown, said))
            if hit:
                nearest = min(nearest, size)
            if nearest == 0:
                break  # the picture itself is one
            approach.hit[:] = hit
    except KeyboardInterrupt:
        if not kept:
            raise
    return Trick.of(
        [shown for shown, _ in kept],
        [said.probabilities for _, said in kept],
        wanted,
        epsilon=BOX,
        less_like=less_like,
        model=model,
        gradients=asked,
        queries=asked,
        kept=len(kept) - 1,
    )


def distance(after: Numbers, before: Numbers) -> float:
    """The L2 norm of a perturbation, in pixel values."""
    return float(np.linalg.norm(after.astype(np.float64) - before))


def _of_size(arrays: Numbers, size: Numbers | float) -> Numbers:
    """Each of n arrays, stretched to this L2 norm. Zeros remain zeros."""
    norms = np.sqrt(np.einsum("nhwc,nhwc->n", arrays, arrays, dtype=np.float64))
    scale = np.asarray(size / np.maximum(norms, TINY), dtype=np.float32)
    return arrays * scale[:, None, None, None]
