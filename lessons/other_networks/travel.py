"""A trick that travels: lesson 3's loop along several networks' gradients."""

from collections.abc import Sequence

import numpy as np

from tricknet import Classifier, Objective
from tricknet.arrays import Floats, Picture
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.steps import Method, constant, fading, walk
from tricknet.attacks.transforms import Linear, resizing
from tricknet.images import SIZE

FORGET_NOTHING = Method(fading(1), reach=1 / 8, size=constant)


def travelling(networks: Sequence[Classifier], picture: Picture, objective: Objective, seed: int = 0) -> Picture:
    """What the page's loop makes of a picture (uint8): all networks climb the objective, at an epsilon of 16."""
    random = np.random.default_rng(seed)

    def gradient_of(now: Floats) -> Floats:
        return sum_even([gradient_through(one, now, [objective], [diverse(random)]) for one in networks])

    return walk(picture[None], gradient_of, epsilon=16, steps=90, method=FORGET_NOTHING)[0]


def sum_even(gradients: Sequence[Floats]) -> Floats:
    """The networks' gradients (each n x 224 x 224 x 3), added up so that each network counts as much as any other."""
    return np.sum([one / np.abs(one).mean(axis=(1, 2, 3), keepdims=True) for one in gradients], axis=0)


def diverse(random: np.random.Generator, least: float = 0.9) -> Linear:
    """Up to a tenth smaller (or to the share `least`), at a random place in a black frame.

    As part of an attack it is called input diversity (Xie et al. 2019), and as a defence, randomisation (Xie et al.
    2018, who enlarge the picture instead).
    """
    side = int(random.integers(round(least * SIZE), SIZE + 1))
    smaller, room = resizing(SIZE, side), SIZE - side
    rows, columns = (np.pad(smaller, ((at, room - at), (0, 0))) for at in random.integers(0, room + 1, 2))
    return Linear(rows, columns)
