"""Lesson 4's classifier: one straight line per class, the smallest perturbation that fools it, and its defence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from tricknet.arrays import Doubles, Picture, Pictures
from tricknet.evidence import Rate, rate

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Line:
    """A linear classifier: the class with the highest score wins.

    weights: classes × values, for pixel values from 0 to 255. bias: one number per class.
    """

    weights: Doubles
    bias: Doubles

    def scores(self, pictures: Array) -> Doubles:
        """One row per picture (n × anything), one score per class."""
        scores: Doubles = pictures.reshape(len(pictures), -1) @ self.weights.T + self.bias
        return scores

    def answers(self, pictures: Array) -> npt.NDArray[np.intp]:
        """The class of each picture."""
        return self.scores(pictures).argmax(axis=1)

    def smallest_epsilon(self, pictures: Array, labels: Array) -> tuple[Doubles, npt.NDArray[np.intp]]:
        """For each picture, the smallest L-infinity size of a perturbation that makes another class as likely as its
        label, and which class that is. The size is 0 or less if another class is already as likely. It is margin / L1
        norm, which is exact if the picture may leave 0..255.
        """
        scores = self.scores(pictures)
        margins = np.take_along_axis(scores, labels[:, None], axis=1) - scores
        norms = np.abs(self.weights[:, None] - self.weights).sum(axis=2)  # of the differences: classes × classes
        np.fill_diagonal(norms, np.nan)  # no class is its own rival
        epsilons = margins / norms[labels]
        return np.nanmin(epsilons, axis=1), np.nanargmin(epsilons, axis=1)

    def towards(self, rivals: Array, labels: Array) -> Doubles:
        """The signs along which the rival gains most on the label: one row per pair."""
        return np.sign(self.weights[rivals] - self.weights[labels])

    def tilt(self, pictures: Array, labels: Array) -> float:
        """Degrees by which the boundary between two classes leans, averaged over the pairs: 0 where it is at right
        angles to the line from one class's average to the other's (the deviation angle of Tanay and Griffin, 2016).
        """
        x = pictures.reshape(len(pictures), -1)
        means = np.array([x[labels == k].mean(axis=0) for k in range(len(self.weights))])
        i, j = np.triu_indices(len(means), 1)
        lean, straight = self.weights[i] - self.weights[j], means[i] - means[j]
        lengths = np.linalg.norm(lean, axis=1) * np.linalg.norm(straight, axis=1)
        return float(np.degrees(np.arccos((lean * straight).sum(axis=1) / lengths)).mean())


def fit(pictures: Array, labels: Array, C: float) -> Line:  # noqa: N803 - it is scikit-learn's C
    """Logistic regression on pictures (n × anything, pixel values 0..255) and their classes (0, 1, …).

    C: scikit-learn's, large if regularisation is weak. It applies to pixel values divided by 255.
    """
    from sklearn.linear_model import LogisticRegression  # here: it takes a second, which only lesson 4 should pay
    from threadpoolctl import threadpool_limits

    x = pictures.reshape(len(pictures), -1) / 255
    with threadpool_limits(1):  # for products as small as these, several threads mostly wait for one another
        axes = np.linalg.qr(x.T)[0].T  # n pictures span n directions at most: in those, the same line is found sooner
        found = LogisticRegression(C=C, max_iter=5000).fit(x @ axes.T, labels)
        weights, bias = found.coef_ @ axes / 255, found.intercept_
    if len(weights) == 1:  # of two classes scikit-learn gives the difference only
        weights, bias = np.vstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return Line(weights, bias)


def fool(line: Line, picture: npt.NDArray[np.uint8], label: int) -> tuple[int, npt.NDArray[np.uint8]]:
    """The smallest whole epsilon that changes the answer about a picture within 0..255, and the perturbed picture.

    For one rival, moving every value as far as epsilon and the walls allow is the best there is; the cheapest rival
    wins. Raises ValueError if no rival can win.
    """
    rivals = np.array([k for k in range(len(line.weights)) if k != label])
    signs = line.towards(rivals, np.full_like(rivals, label)).reshape(len(rivals), *picture.shape)
    for epsilon in range(1, 256):
        moved = np.clip(np.rint(picture + epsilon * signs), 0, 255).astype(np.uint8)
        won = line.scores(moved)[np.arange(len(rivals)), rivals] > line.scores(moved)[:, label]
        if won.any():
            return epsilon, moved[won.argmax()]
    raise ValueError(f"No other class can win on this picture, whose label is {label}, even with an epsilon of 255.")


def harden(pictures: Array, labels: Array, C: float, *, epsilon: float) -> Line:  # noqa: N803
    """Logistic regression of two classes (0 and 1), trained on the worst picture within `epsilon` of each of these.

    No attack is needed: the worst picture within epsilon (in pixel values, free to leave 0..255) has a margin that is
    smaller by epsilon times the L1 norm of the weights' difference (Goodfellow and others, 2014, section 5). C: as for
    `fit`, which this equals if epsilon is 0. Raises ValueError for other labels, or if the fit does not converge.
    """
    from scipy.optimize import minimize  # here: slow to import, and only lesson 4 needs it

    if set(np.unique(labels)) != {0, 1}:
        raise ValueError(f"The labels should be 0 and 1; they are {sorted(set(np.asarray(labels).tolist()))}.")
    x, sign = pictures.reshape(len(pictures), -1) / 255, np.where(labels == 1, 1.0, -1.0)
    n = x.shape[1]

    def objective(found: Doubles) -> tuple[float, Doubles]:
        # The weights are up - down, both at least 0: so the L1 norm is their sum, and has a slope everywhere.
        up, down, bias = found[:n], found[n : 2 * n], found[-1]
        weights = up - down
        margins = sign * (x @ weights + bias) - epsilon / 255 * (up + down).sum()
        slopes = -C / (1 + np.exp(np.clip(margins, -500, 500)))
        along, size = (slopes * sign) @ x + weights, -epsilon / 255 * slopes.sum()
        value = C * np.logaddexp(0, -margins).sum() + weights @ weights / 2
        return value, np.concatenate([size + along, size - along, [(slopes * sign).sum()]])

    bounds = [(0, None)] * (2 * n) + [(None, None)]
    options = {"maxiter": 10_000, "maxfun": 20_000, "ftol": 1e-12}
    done = minimize(objective, np.zeros(2 * n + 1), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    if not done.success:
        raise ValueError(f"The fit did not converge ({done.message}). Try a smaller C or a smaller epsilon.")
    weights, bias = (done.x[:n] - done.x[n : 2 * n]) / 255, done.x[-1]
    return Line(np.stack([-weights, weights]) / 2, np.array([-bias, bias]) / 2)


def shaky(photographs: Iterable[Picture], count: int, side: int = 32) -> Pictures:
    """`count` small views of each photograph (uint8, 224 x 224 x 3): zoomed, shifted, brightened or darkened, and half
    of the time mirrored. uint8, one photograph after another; the same views each time.
    """
    rng = np.random.default_rng(0)
    return np.array([_view(photograph, side, rng) for photograph in photographs for _ in range(count)])


def _view(photograph: Picture, side: int, rng: np.random.Generator) -> Picture:
    size = rng.integers(192, 225)
    top, left = rng.integers(0, 225 - size, 2)
    small = Image.fromarray(photograph[top : top + size, left : left + size]).resize((side, side))
    light = np.clip(np.asarray(small) * rng.uniform(0.7, 1.2), 0, 255).astype(np.uint8)
    return light[:, :: rng.choice([-1, 1])]


def cut(photographs: Sequence[Picture], side: int = 32) -> tuple[Pictures, npt.NDArray[np.intp]]:
    """All squares of side x side pixels of each photograph, none overlapping another, and each one's photograph."""
    squares = []
    for photograph in photographs:
        rows, columns = photograph.shape[0] // side, photograph.shape[1] // side
        grid = photograph[: rows * side, : columns * side].reshape(rows, side, columns, side, 3)
        squares.append(grid.swapaxes(1, 2).reshape(-1, side, side, 3))
    return np.concatenate(squares), np.repeat(np.arange(len(squares)), [len(part) for part in squares])


def downsample(squares: Array, side: int) -> Doubles:
    """Squares (n x s x s x 3) as side x side pixels, each the average of a block; side divides s."""
    block = squares.shape[1] // side
    small: Doubles = squares.reshape(-1, side, block, side, block, 3).mean(axis=(2, 4))
    return small


class Fit(NamedTuple):
    """One kind of straight line, measured on pictures that it was not trained on."""

    right: Rate  # how many of the pictures it gets right
    epsilon: float  # the median of the smallest epsilon that fools, in pixel values, over those
    low: float  # the 95% interval of that median
    high: float
    tilt: float  # degrees between its weights and the line from one class's average to another's


def cross_validate(pictures: Array, labels: Array, C: float, folds: Iterable[tuple[Array, Array]]) -> Fit:  # noqa: N803
    """Train and test a line on each fold, a pair of indices (train, test), so that each picture is tested once."""
    from scipy.stats import quantile_test  # here: slow to import, and only lesson 4 needs it

    epsilons, tilts = np.empty(len(pictures)), []
    for train, test in folds:
        line = fit(pictures[train], labels[train], C)
        epsilons[test] = line.smallest_epsilon(pictures[test], labels[test])[0]
        tilts.append(line.tilt(pictures[train], labels[train]))
    right = epsilons > 0
    around = quantile_test(epsilons[right], p=0.5).confidence_interval()
    shares = rate(int(right.sum()), len(pictures))
    return Fit(shares, float(np.median(epsilons[right])), float(around.low), float(around.high), float(np.mean(tilts)))
