"""Gradients to step along: through transforms, averaged over random ones, and of several networks together."""

from collections.abc import Callable, Sequence

import numpy as np

from tricknet.arrays import Floats, Numbers
from tricknet.attacks.steps import TINY
from tricknet.attacks.transforms import Transform, blurring, camera
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Objective, Target


def gradient_through(
    model: Classifier, pictures: Numbers, objectives: Sequence[Objective | Target], transforms: Sequence[Transform]
) -> Floats:
    """The gradient (float32, the pictures' shape) of what the network says about pictures that are transformed first.

    pictures: n x height x width x 3. objectives: n of what `model.gradient` climbs. transforms: n, each with `back`.
    """
    seen = np.stack([transform(picture) for picture, transform in zip(pictures, transforms, strict=True)])
    slopes = model.gradient(seen, list(objectives))
    return np.stack([transform.back(slope) for slope, transform in zip(slopes, transforms, strict=True)])


def averaged(
    model: Classifier,
    objectives: Sequence[Objective | Target],
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


def together(*gradients_of: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """For `walk`: the sum of several gradients, such as those of two networks (Liu et al. 2016).

    Each is divided by its mean size first, picture by picture, so that none drowns out the others.
    """

    def gradient_of(pictures: Floats) -> Floats:
        slopes = [gradient_of(pictures) for gradient_of in gradients_of]
        sizes = [np.abs(slope).mean(axis=(1, 2, 3), keepdims=True) for slope in slopes]
        return np.sum([slope / np.maximum(size, TINY) for slope, size in zip(slopes, sizes, strict=True)], axis=0)

    return gradient_of


def smoothed(gradient_of: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """For `walk`: a gradient blurred by a bell curve 2/3 of a pixel wide, picture by picture.

    This is what the mean over pictures shifted by a few pixels comes to, at the price of one gradient: translation
    invariance (Dong et al. 2019). The width is that of the kernel of 5 x 5 pixels in Zhao et al. (2021).
    """

    def gradient_smoothed(pictures: Floats) -> Floats:
        slopes = gradient_of(pictures)
        blur = blurring(2 / 3, slopes.shape[1])
        return np.stack([blur(slope) for slope in slopes])

    return gradient_smoothed
