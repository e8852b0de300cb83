"""Maps of "where the network looks", and how to test them.

Maps explain a score, the class's logit, and not its probability, which hardly moves while the network is sure.
"""

from itertools import product

import numpy as np
import numpy.typing as npt

from tricknet import Classifier, Logit
from tricknet.arrays import Doubles, Floats, Numbers, Picture
from tricknet.progress import bar

LAST = "inception_5b/output"  # the last layer with a grid: 7 x 7 positions of 1024 channels
NOISE = 20  # the standard deviation of SmoothGrad's noise, in pixel values
LAMP: Doubles = np.hypot(3, 3) - np.hypot(*np.meshgrid(np.arange(7) - 3, np.arange(7) - 3))  # it shines on the middle


def hidden(model: Classifier, picture: Picture, mask: npt.NDArray[np.bool_]) -> Picture:
    """A picture with some squares in the mean colour; mask: rows x columns of squares, True for what is hidden."""
    rows, columns = (side // n for side, n in zip(model.size, mask.shape, strict=True))
    pixels = mask.repeat(rows, axis=0).repeat(columns, axis=1)
    return np.where(pixels[..., None], model.mean.astype(np.uint8), picture)


def strongest(values: Doubles, count: int = 10) -> npt.NDArray[np.bool_]:
    """A mask for `hidden`: the squares with the largest values. Ten of 49 are a fifth of the picture."""
    first = np.argsort(-values, axis=None, kind="stable")[:count]
    return np.isin(np.arange(values.size), first).reshape(values.shape)


def occlusion(model: Classifier, picture: Picture, label: str | int) -> Doubles:
    """How far the class's score falls when a square of the mean colour covers a spot (Zeiler and Fergus 2014).

    The squares have 64 pixels a side, end at the picture's edge, and lie around the middles of 7 x 7 smaller ones.
    Returns a number for each, positive where the score fell.
    """
    c, covered = model.labels.find(label), np.stack([picture] * 50)  # the last one stays as it is
    for one, (y, x) in zip(covered, product(range(16, 224, 32), repeat=2), strict=False):
        one[max(0, y - 32) : y + 32, max(0, x - 32) : x + 32] = model.mean
    scores = model.activations(covered, model.logits)[:, c].astype(float)
    return (scores[-1] - scores[:-1]).reshape(7, 7)


def class_activation(model: Classifier, picture: Picture, label: str | int) -> Doubles:
    """What each position of GoogLeNet's last grid adds to the class's score: 7 x 7 numbers (CAM, Zhou et al. 2016).

    The score is the mean over all positions, times the class's weights, plus its bias. So these numbers and the bias
    add up to the score exactly. The positive ones are Grad-CAM (Selvaraju et al. 2017) at this layer, up to a factor.
    """
    weights = model.parameters[model.logits][0][model.labels.find(label)].astype(float)
    grid = model.activations(picture, LAST).astype(float)
    return grid @ weights / (grid.shape[0] * grid.shape[1])


def smooth_gradient(
    model: Classifier, picture: Numbers, label: str | int, *, noise: float = NOISE, copies: int = 8, seed: int = 0
) -> Floats:
    """The mean of the score's gradients over noisy copies of the picture (SmoothGrad, Smilkov et al. 2017).

    noise: the standard deviation of what is added, in pixel values. Returns the shape of the picture.
    """
    random = np.random.default_rng(seed)
    noisy = (picture + random.normal(0, noise, picture.shape).astype(np.float32) for _ in range(copies))
    slopes = (model.gradient(each, Logit(label)) for each in bar(noisy, total=copies, desc="copies"))
    return sum((slope / np.float32(copies) for slope in slopes), np.zeros(picture.shape, np.float32))


def squares(array: Numbers, *, signs: bool = False) -> Doubles:
    """A map as 7 x 7 squares: in each the mean of its values' sizes or, with signs, of the values themselves.

    array: (height, width) in multiples of 7, or (height, width, colours), whose colours are summed.
    """
    rows, columns = (side // 7 for side in array.shape[:2])
    values = (array if signs else np.abs(array)).reshape(7, rows, 7, columns, -1)
    return values.sum(axis=4, dtype=float).mean(axis=(1, 3))


def with_shuffled_weights(model: Classifier) -> Classifier:
    """A copy of a network in which each layer's weights are shuffled among themselves.

    Adebayo et al. (2018) test maps with such networks: a map that does not change explains nothing that was learnt.
    """
    copy, random = model.copy(f"{model.name}, weights shuffled"), np.random.default_rng(0)
    for arrays in copy.parameters.values():
        for array in arrays:
            array[...] = random.permutation(array.ravel()).reshape(array.shape)
    return copy
