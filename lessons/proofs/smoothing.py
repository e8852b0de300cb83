"""Randomised smoothing: a vote under noise, and how far the picture can move before the vote may change.

Pictures may have any size. sigma and radius are in pixel values.
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

from tricknet.arrays import Numbers
from tricknet.networks.classifier import Classifier
from tricknet.progress import bar

AT_ONCE = 10  # noisy pictures: more at once would take more memory, and no less time


def votes(model: Classifier, picture: Numbers, *, sigma: float, n: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """How often each class is the first answer about a picture under Gaussian noise, drawn n times: (classes,)."""
    random, count = np.random.default_rng(seed), np.zeros(len(model.labels), dtype=np.int64)
    for start in bar(range(0, n, AT_ONCE), desc="votes"):
        noise = random.normal(0, sigma, (min(AT_ONCE, n - start), *picture.shape))
        scores = model.activations((picture + noise).astype(np.float32), model.logits)
        np.add.at(count, scores.argmax(axis=1), 1)
    return count


def at_least(k: int, n: int, *, alpha: float = 0.001) -> float:
    """A bound that the true share is above, wrong with a probability of alpha at most: Clopper and Pearson (1934)."""
    return float(stats.binomtest(k, n, alternative="greater").proportion_ci(1 - alpha, method="exact").low)


def radius(k: int, n: int, sigma: float, *, alpha: float = 0.001) -> float:
    """How far (L2) the picture can move, in any direction, before the vote may change: Cohen et al. (2019).

    k of n votes under noise of size sigma went to the winner. 0 if it may not have the majority. Wrong with a
    probability of alpha at most. The winner must have been named by other votes than these.
    """
    return max(0.0, sigma * float(stats.norm.ppf(at_least(k, n, alpha=alpha))))
