"""A linear classifier at any size: how it is trained, the smallest epsilon that fools it, and what it is tested on."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import skimage.data

from tricknet import fashion_mnist
from tricknet.arrays import Doubles

type Array = npt.NDArray[Any]
type Part = tuple[Array, Array]  # pictures (n x height x width x channels, pixel values 0..255), and the class of each

SIDES = {"squares": (1, 2, 4, 8, 16, 32), "clothes": (1, 2, 4, 7, 14, 28)}  # of the pictures of each task, in pixels


class Trial(NamedTuple):
    """A classifier's results: shares (0..1) of its training and held-out pictures that are right, and pixel values."""

    trained: float
    right: float
    epsilon: float  # fools half of the held-out pictures that are right
    epsilons: Doubles  # the smallest one for each held-out picture


def smaller(pictures: Array, side: int) -> Doubles:
    """Square pictures as side x side pixels, each the average of a block. The side divides the pictures' own."""
    n, tall, _, channels = pictures.shape
    return pictures.reshape(n, side, tall // side, side, tall // side, channels).mean(axis=(2, 4))


def fit(pictures: Array, labels: Array, C: float) -> tuple[Doubles, Doubles]:  # noqa: N803 - it is scikit-learn's C
    """Logistic regression: (weights, classes x values, for pixel values; constants, one for each class).

    C: scikit-learn's, large if large weights are cheap, for pixel values divided by 255.
    """
    from sklearn.linear_model import LogisticRegression  # here: it takes a second

    x = pictures.reshape(len(pictures), -1) / 255
    axes = np.linalg.qr(x.T)[0].T  # n pictures span n directions at most: in those, the same is found sooner
    learnt = LogisticRegression(C=C, max_iter=5000).fit(x @ axes.T, labels)
    return learnt.coef_ @ axes / 255, learnt.intercept_


def smallest_epsilon(weights: Doubles, constants: Doubles, pictures: Array, labels: Array) -> Doubles:
    """For each picture the smallest epsilon, in pixel values, that changes its answer and keeps it inside 0..255.

    It is 0 or less where the answer is wrong already, and inf where no picture inside 0..255 has another answer.
    """
    x = pictures.reshape(len(pictures), -1)
    scores, epsilons = x @ weights.T + constants, np.full(len(x), np.inf)
    own = np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
    for rival in range(len(weights)):
        push = weights[rival] - weights[labels]
        room = np.where(push > 0, 255 - x, x)  # how far each value can go in the rival's favour
        order = room.argsort(axis=1)
        room, force = (np.take_along_axis(array, order, axis=1) for array in (room, np.abs(push)))
        # Let the k values with the least room use all of it, and the others epsilon: that is never less than what they
        # can really do, and for one k it is just that. So what counts is the k that needs the largest epsilon.
        used = np.pad((force * room).cumsum(axis=1), ((0, 0), (1, 0)))
        others = np.pad(force[:, ::-1].cumsum(axis=1)[:, ::-1], ((0, 0), (0, 1)))
        lead = np.where(labels == rival, np.inf, own - scores[:, rival])  # no class is its own rival
        with np.errstate(divide="ignore", invalid="ignore"):
            epsilons = np.minimum(epsilons, np.fmax.reduce((lead[:, None] - used) / others, axis=1))
    return epsilons


def evaluate(weights: Doubles, constants: Doubles, train: Part, test: Part) -> Trial:
    """Try a classifier on the pictures that it was trained on, and on those held out."""
    answers = (train[0].reshape(len(train[0]), -1) @ weights.T + constants).argmax(axis=1)
    epsilons = smallest_epsilon(weights, constants, *test)
    right = epsilons > 0
    return Trial(float((answers == train[1]).mean()), float(right.mean()), float(np.median(epsilons[right])), epsilons)


def cut_squares() -> Part:
    """Four photographs cut into squares of 32 x 32 pixels, and each square's photograph."""
    from sklearn.datasets import load_sample_image

    data: Any = skimage.data  # it has no types
    photographs = (data.chelsea(), data.coffee(), data.rocket(), load_sample_image("flower.jpg"))
    cut = []
    for photograph in photographs:
        rows, columns = photograph.shape[0] // 32, photograph.shape[1] // 32
        grid = photograph[: rows * 32, : columns * 32].reshape(rows, 32, columns, 32, 3)
        cut.append(grid.swapaxes(1, 2).reshape(-1, 32, 32, 3))
    return np.concatenate(cut), np.repeat(range(4), [len(part) for part in cut])


def draw(task: str, seed: int, garments: int = 4000) -> tuple[Part, Part]:
    """Two parts of a task that share no picture, by chance: to train on (462 squares, or garments), and held out."""
    random = np.random.default_rng(seed)
    if task == "squares":
        known = held_out = cut_squares()
        train, test = np.split(random.permutation(len(known[0])), [462])
    else:
        known, held_out = fashion_mnist.train_set(), fashion_mnist.test_set()
        train, test = random.permutation(len(known[0]))[:garments], random.permutation(len(held_out[0]))[:2000]
    return (known[0][train], known[1][train]), (held_out[0][test], held_out[1][test])


@cache
def clothes_at(side: int, C: float) -> Trial:  # noqa: N803
    """A classifier of garments of side x side pixels, trained once and kept: 784 pixels can take half a minute."""
    train, test = ((smaller(pictures, side), kinds) for pictures, kinds in draw("clothes", seed=0))
    return evaluate(*fit(*train, C), train, test)
