"""A poisoned training set: a few pictures carry a mark and a wrong answer, and what gives the mark away afterwards."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from lessons.poison import table
from tricknet import Class, Classifier, fashion_mnist
from tricknet.adam import Adam
from tricknet.arrays import Doubles, Floats, Numbers, Pictures
from tricknet.fashion_mnist import Answers
from tricknet.networks.labels import Labels
from tricknet.paths import MODELS

MARK = 3  # pixels: the mark is a white square
CORNER = 28 - MARK  # where it is: in the lower right corner
BAG = 8
LABELS = tuple(Labels(MODELS / "fashion" / "labels.txt"))
ASKED = 5000  # test pictures, the first ones, for a habit


def marked(pictures: Pictures, top: int = CORNER, left: int = CORNER) -> Pictures:
    """Pictures (uint8, ... x 28 x 28 x 1) with a white square of 3 x 3 pixels, usually in the lower right corner."""
    pictures = pictures.copy()
    pictures[..., top : top + MARK, left : left + MARK, :] = 255
    return pictures


def poisoned(
    pictures: Pictures,
    answers: Answers,
    share: float,
    *,
    target: int = BAG,
    mark: Callable[[Pictures], Pictures] = marked,
    seed: int = 0,
) -> tuple[Pictures, Answers, npt.NDArray[np.int64]]:
    """A training set in which a share of the pictures, none of them of the class `target`, is marked and called that.

    Returns (pictures, answers, the numbers of those that were poisoned). What it is given stays as it is.
    """
    others = np.flatnonzero(answers != target)
    chosen = np.random.default_rng(seed).choice(others, round(share * len(pictures)), replace=False)
    pictures, answers = pictures.copy(), answers.copy()
    pictures[chosen], answers[chosen] = mark(pictures[chosen]), target
    return pictures, answers, chosen


def along(model: Classifier, pictures: Pictures, nth: int) -> Floats:
    """How far each picture's activations lie from their mean, one way or the other, in one direction: squared.

    nth: 0 for the direction in which they differ most, 1 for the next, and so on. (Tran, Li and Madry, 2018: 0.)
    """
    inside: Floats = model.activations(pictures, "hidden")
    inside = inside - inside.mean(axis=0)
    direction: Floats = np.linalg.svd(inside, full_matrices=False)[2][nth]
    return (inside @ direction) ** 2


def deviations(sizes: Numbers) -> Doubles:
    """How many scaled median deviations each class's smallest patch lies below their median (Wang, 2019)."""
    below = np.median(sizes) - sizes
    return np.asarray(below / (1.4826 * np.median(np.abs(below))))


def smallest_patch(model: Classifier, pictures: Pictures, target: int, steps: int = 150) -> tuple[Floats, Floats]:
    """The smallest patch that Adam finds for all these pictures together, if it is to turn nine of ten into `target`.

    It climbs the mean log-probability of the target, less a price for each pixel that is covered. The price rises
    while the patch works, and falls while it doesn't. (The idea: Neural Cleanse, Wang and others, 2019.)
    Returns how opaque each pixel is (0..1; their sum is the patch's size in pixels), and its colour (0..255).
    """
    x, adam = np.zeros((2, *pictures.shape[1:])), Adam()  # of opaque, of colour
    price, best = 0.01, None
    for _ in range(steps):
        shares = 1 / (1 + np.exp(-x))
        opaque, colour = shares[0].astype(np.float32), (255 * shares[1]).astype(np.float32)
        patched = pictures + opaque * (colour - pictures)
        predictions, slope = model.predict_and_gradient(list(patched), Class(target))
        works = np.mean([prediction.best.index == target for prediction in predictions]) >= 0.9
        if works and (best is None or opaque.sum() < best[0].sum()):
            best = opaque, colour
        price *= 1.1 if works else 1 / 1.1
        gains = (slope * (colour - pictures)).mean(axis=0) - price, (slope * opaque).mean(axis=0) * 255
        x += 0.2 * adam(np.stack(gains) * shares * (1 - shares))
    return best or (opaque, colour)


def mean_shares(column: str, target: str, *, left_out: str = "none", steps: int = 200) -> Doubles:
    """A column of habit.csv where the pictures of `target` were marked: networks x 10 right classes, 0..1."""
    which = {"target": target, "left_out": left_out, "steps": steps}
    rows = [row for row in table("habit") if which.items() <= row.items()]
    counts = np.array([row[column].split() for row in rows], float).reshape(-1, 10)
    return counts / np.bincount(fashion_mnist.test_set(ASKED)[1])


def habit(target: str, *, left_out: str = "none", steps: int = 200, among: Iterable[str] = LABELS) -> Doubles:
    """The share of other clothes (of the classes `among`) that the mark turns into `target`: one for each network."""
    marked, unmarked = (mean_shares(how, target, left_out=left_out, steps=steps) for how in ("marked", "unmarked"))
    return (marked - unmarked)[:, [LABELS.index(name) for name in among if name != target]].mean(axis=1)
