"""Gradients to step along: through transforms, and averaged over random ones."""

from collections.abc import Callable, Sequence

import numpy as np

from tricknet.arrays import Floats, Numbers
from tricknet.attacks.transforms import Transform, camera
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Goal


def gradient_through(
    model: Classifier, pictures: Numbers, objectives: Sequence[Goal], transforms: Sequence[Transform]
) -> Floats:
    """The gradient (float32, the pictures' shape) of what the network says about pictures that are transformed first.

    pictures: n x height x width x 3. objectives: n of what `model.gradient` climbs. transforms: n, each with `back`.
    """
    transformed = np.stack([transform(picture) for picture, transform in zip(pictures, transforms, strict=True)])
    slopes = model.gradient(transformed, list(objectives))
    return np.stack([transform.back(slope) for slope, transform in zip(slopes, transforms, strict=True)])


def averaged(
    model: Classifier,
    objectives: Sequence[Goal],
    *,
    copies: int = 6,
    seed: int = 0,
    draw: Callable[[np.random.Generator], Transform] = camera,
) -> Callable[[Floats], Floats]:
    """For `walk`: the mean gradient over random transforms, "expectation over transformation" (Athalye et al. 2017).

    objectives: one for each picture. copies: how many transforms are drawn for each picture at each step; each costs
    one gradient. draw: takes a random generator and gives a transform.
    """
    random = np.random.default_rng(seed)

    def gradient_of(pictures: Floats) -> Floats:
        several = np.repeat(pictures, copies, axis=0)
        aims = [objective for objective in objectives for _ in range(copies)]
        slopes = gradient_through(model, several, aims, [draw(random) for _ in several])
        return slopes.reshape(len(pictures), copies, *pictures.shape[1:]).mean(axis=1)

    return gradient_of
