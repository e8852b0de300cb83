"""Lesson 4's classifier: one straight line per class, and the smallest perturbation that fools it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A linear classifier: the class with the highest score wins.

    weights: classes × values, for pixel values from 0 to 255. bias: one number per class.
    """

    weights: Floats
    bias: Floats

    def scores(self, pictures: Array) -> Floats:
        """One row per picture (n × anything), one score per class."""
        scores: Floats = pictures.reshape(len(pictures), -1) @ self.weights.T + self.bias
        return scores

    def answers(self, pictures: Array) -> npt.NDArray[np.intp]:
        """The class of each picture."""
        return self.scores(pictures).argmax(axis=1)

    def smallest_epsilon(self, pictures: Array, labels: Array) -> tuple[Floats, npt.NDArray[np.intp]]:
        """For each picture the least L-infinity size of a perturbation that makes another class as likely as its
        label (0 or less where one already is), and that class. Margin / L1 norm: exact, and the picture may leave
        0..255.
        """
        scores = self.scores(pictures)
        margins = np.take_along_axis(scores, labels[:, None], axis=1) - scores
        norms = np.abs(self.weights[:, None] - self.weights).sum(axis=2)  # of the differences: classes × classes
        np.fill_diagonal(norms, np.nan)  # no class is its own rival
        epsilons = margins / norms[labels]
        return np.nanmin(epsilons, axis=1), np.nanargmin(epsilons, axis=1)

    def towards(self, rivals: Array, labels: Array) -> Floats:
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
