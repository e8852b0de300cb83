"""A linear classifier at any size: how it is trained, the smallest epsilon that fools it, and what it is tested on."""

from typing import Any

import numpy as np
import numpy.typing as npt
import skimage.data

from tricknet import fashion_mnist
from tricknet.arrays import Doubles

type Array = npt.NDArray[Any]
type Part = tuple[Array, Array]  # pictures (n x height x width x channels, pixel values 0..255), and the class of each

SIDES = {"squares": (1, 2, 4, 8, 16, 32), "clothes": (1, 2, 4, 7, 14, 28)}  # of the pictures of each task, in pixels


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
    """For each picture the smallest epsilon, in pixel values, that changes its answer: lead / L1 norm, of the nearest
    rival. It is 0 or less where the answer is wrong already, and exact where the picture may leave 0..255.
    """
    scores = pictures.reshape(len(pictures), -1) @ weights.T + constants
    leads = np.take_along_axis(scores, labels[:, None], axis=1) - scores
    norms = np.abs(weights[:, None] - weights).sum(axis=2)
    np.fill_diagonal(norms, np.nan)  # no class is its own rival
    return np.nanmin(leads / norms[labels], axis=1)


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


def draw(task: str, seed: int) -> list[Part]:
    """Three parts of a task that share no picture, drawn by chance: to train on, to choose by, and held out."""
    random = np.random.default_rng(seed)
    if task == "squares":
        pictures, labels = cut_squares()
        order = random.permutation(len(pictures))
        return [(pictures[part], labels[part]) for part in np.split(order, [462, 662])]
    known, held_out = fashion_mnist.train_set(), fashion_mnist.test_set()
    train, choose = np.split(random.permutation(len(known[0]))[:6000], [4000])
    test = random.permutation(len(held_out[0]))[:2000]
    return [
        (known[0][train], known[1][train]),
        (known[0][choose], known[1][choose]),
        (held_out[0][test], held_out[1][test]),
    ]
