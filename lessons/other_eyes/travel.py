"""A trick that travels: lesson 3's loop, along the sum of several networks' gradients of a wobbling picture."""

from collections.abc import Sequence

import numpy as np

from tricknet.arrays import Floats, Pictures
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.steps import Method, constant, fading, walk
from tricknet.attacks.transforms import diverse
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Objective

FORGET_NOTHING = Method(fading(1), size=constant)


def travelling(
    networks: Sequence[Classifier],
    pictures: Pictures,
    objectives: Sequence[Objective],
    *,
    epsilon: float = 16,
    steps: int = 60,
) -> Pictures:
    """What the page's loop makes, of several pictures at once: uint8, of their shape (n x height x width x 3).

    objectives: one for each picture, which all networks climb. epsilon: in pixel values. A wobble is drawn for
    each picture at each step.
    """
    random = np.random.default_rng(0)

    def gradient_of(now: Floats) -> Floats:
        wobbles = [diverse(random) for _ in now]
        return np.sum([gradient_through(network, now, objectives, wobbles) for network in networks], axis=0)

    return walk(pictures, gradient_of, epsilon=epsilon, steps=steps, method=FORGET_NOTHING, step=2)
