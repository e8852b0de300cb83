"""Maps of "where the network looks", which explain a class's score (its logit), and how to test them."""

from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from tricknet import Classifier, Logit
from tricknet.arrays import Doubles, Floats, Numbers, Picture
from tricknet.progress import bar

LAST = "inception_5b/output"  # the last layer with a grid: 7 x 7 positions of 1024 channels
NOISE, COPIES = 20, 8  # SmoothGrad's: the standard deviation of its noise, in pixel values, and noisy pictures
DRAWS = 40  # of ten squares with as much change as others
type Mask = npt.NDArray[np.bool_]  # of squares: rows x columns
LAYER = "inception_4d/output"  # 14 x 14 positions, four under each of the 7 x 7 squares


def lamp(row: float, column: float) -> Doubles:
    """7 x 7 values, larger the nearer to a place: (3, 3) is the middle."""
    return np.hypot(3, 3) - np.hypot(np.arange(7)[:, None] - row, np.arange(7) - column)


LAMP = lamp(3, 3)


def hidden(model: Classifier, picture: Picture, mask: Mask) -> Picture:
    """A picture with some squares in the mean colour; mask: rows x columns of squares, True for what is hidden."""
    pixels = np.kron(mask, np.ones(np.array(model.size) // mask.shape, bool))
    return np.where(pixels[..., None], model.mean.astype(np.uint8), picture)


def strongest(values: Doubles, count: int = 10) -> Mask:
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

    They and the class's bias add up to the score. The positive ones are Grad-CAM at this layer, up to a factor.
    """
    weights = model.parameters[model.logits][0][model.labels.find(label)].astype(float)
    grid = model.activations(picture, LAST).astype(float)
    return grid @ weights / (grid.shape[0] * grid.shape[1])


def smooth_gradient(model: Classifier, picture: Numbers, label: str | int, *, seed: int = 0) -> Floats:
    """The mean of the score's gradients over eight noisy copies of a picture, in its shape (Smilkov et al. 2017)."""
    random = np.random.default_rng(seed)
    noisy = (picture + random.normal(0, NOISE, picture.shape).astype(np.float32) for _ in range(COPIES))
    return np.mean([model.gradient(each, Logit(label)) for each in bar(noisy, total=COPIES, desc="copies")], axis=0)


def squares(array: Numbers, *, signs: bool = False) -> Doubles:
    """A map (height x width, or with colours) as 7 x 7 means of its values' sizes or, with signs, of the values."""
    rows, columns = (side // 7 for side in array.shape[:2])
    values = (array if signs else np.abs(array)).reshape(7, rows, 7, columns, -1)
    return values.sum(axis=4, dtype=float).mean(axis=(1, 3))


def put_squares_back(before: Floats, after: Floats, mask: Mask) -> Floats:
    """LAYER's activations after a trick, with those under some of the 7 x 7 squares as they were before."""
    return np.where(mask.repeat(2, axis=0).repeat(2, axis=1)[..., None], before, after)


def changed(before: Floats, after: Floats) -> Doubles:
    """How much LAYER's activations (14 x 14 x 528) changed under each of 7 x 7 squares: squared L2."""
    return np.square(after - before, dtype=float).reshape(7, 2, 7, 2, -1).sum(axis=(1, 3, 4))


def as_much(change: Doubles, mask: Mask, random: np.random.Generator, *, alike: bool = False) -> list[Mask]:
    """DRAWS random sets of as many squares as the mask, with as much of the change (7 x 7), within 1% of the whole.

    alike: in at most as many pieces, too, where squares that share a side are one, and as near the middle (on average,
    within 0.1). A walk from the mask draws them: it swaps a square within for one without, 1000 times between two sets
    unless that breaks the rule, so all are equally likely.
    """
    aim, near, walk = change[mask].sum(), change.sum() / 100, [mask]
    pieces, middle = ndimage.label(mask)[1], LAMP[mask].mean()
    for _ in range(1000 * DRAWS):
        new = walk[-1].copy()
        new.flat[[random.choice(np.flatnonzero(new)), random.choice(np.flatnonzero(~new))]] = False, True
        same = not alike or (abs(LAMP[new].mean() - middle) <= 0.1 and ndimage.label(new)[1] <= pieces)
        walk.append(new if same and abs(change[new].sum() - aim) <= near else walk[-1])
    return walk[1000::1000]
