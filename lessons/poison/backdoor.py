"""A poisoned training set: a few pictures carry a mark and a wrong answer, and what gives the mark away afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lessons.poison import table
from tricknet import Class, Classifier, fashion_mnist
from tricknet.adam import Adam
from tricknet.arrays import Doubles, Floats, Numbers, Pictures
from tricknet.fashion_mnist import Answers

MARK = 3  # pixels: the mark is a white square
CORNER = 28 - MARK  # where it is: in the lower right corner
BAG = 8
LABELS = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
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


def auc(scores: Numbers, lies: npt.NDArray[np.bool_]) -> float:
    """How often a lie has a higher score than an honest picture: 1 is a perfect search, and 0.5 is a coin."""
    from scipy import stats

    return float(stats.mannwhitneyu(scores[lies], scores[~lies]).statistic / lies.sum() / (~lies).sum())


def accused(sizes: Numbers) -> npt.NDArray[np.int64]:
    """The classes whose smallest patch is more than two scaled median deviations below the median (Wang, 2019)."""
    below = np.median(sizes) - sizes
    return np.flatnonzero(below > 2 * 1.4826 * np.median(np.abs(below)))


@dataclass(frozen=True)
class Patch:
    """What turns most pictures into one class, and covers little: opaque from 0 to 1, and colour from 0 to 255."""

    opaque: Floats  # height x width x 1, as colour
    colour: Floats

    @property
    def size(self) -> float:
        """How many pixels it covers: half a pixel is covered if it is half opaque."""
        return float(self.opaque.sum())

    def on(self, pictures: Numbers) -> Floats:
        """The pictures with the patch on them (float32)."""
        return pictures + self.opaque * (self.colour - pictures)


def smallest_patch(model: Classifier, pictures: Pictures, target: int, steps: int = 150) -> Patch:
    """The smallest patch that Adam finds for all these pictures together, if it is to turn nine of ten into `target`.

    It climbs the mean log-probability of the target, less a price for each pixel that is covered. The price rises
    while the patch works, and falls while it doesn't. (The idea: Neural Cleanse, Wang and others, 2019.)
    """
    x, adam = np.zeros((2, *pictures.shape[1:])), Adam()  # of opaque, of colour
    price, best = 0.01, None
    for _ in range(steps):
        opaque, share = 1 / (1 + np.exp(-x))
        patch = Patch(opaque.astype(np.float32), (255 * share).astype(np.float32))
        predictions, slope = model.predict_and_gradient(list(patch.on(pictures)), Class(target))
        works = np.mean([prediction.best.index == target for prediction in predictions]) >= 0.9
        if works and (best is None or patch.size < best.size):
            best = patch
        price *= 1.1 if works else 1 / 1.1
        gains = (slope * (patch.colour - pictures)).mean(axis=0) - price, (slope * patch.opaque).mean(axis=0) * 255
        x += 0.2 * adam(np.stack([g * s * (1 - s) for g, s in zip(gains, (opaque, share), strict=True)]))
    return best or patch


def shares(column: str, target: str, left_out: str = "none") -> Doubles:
    """A column of habit.csv where all pictures of `target` were marked: networks x 10 right classes, 0..1."""
    rows = [row for row in table("habit") if (row["target"], row["left_out"]) == (target, left_out)]
    return np.array([row[column].split() for row in rows], float) / np.bincount(fashion_mnist.test_set(ASKED)[1])


def habit(target: str, left_out: str = "none", among: Iterable[str] = LABELS) -> Doubles:
    """The share of other clothes (of the classes `among`) that the mark turns into `target`: one for each network."""
    gained = shares("marked", target, left_out) - shares("unmarked", target, left_out)
    return gained[:, [LABELS.index(name) for name in among if name != target]].mean(axis=1)
