"""Randomised smoothing: a vote under noise, and how far the picture can move before the vote may change.

Pictures may have any size. sigma and radius are in pixel values.
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

from tricknet.arrays import Doubles, Numbers, Picture
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


def radius(k: int, n: int, sigma: float) -> float:
    """How far (L2) the picture can move, in any direction, before the vote may change: Cohen et al. (2019).

    k of n votes under noise of size sigma went to the winner. 0 if it may not have the majority. Wrong with the
    probability that `at_least` is. The winner must have been named by other votes than these.
    """
    return max(0.0, sigma * float(stats.norm.ppf(at_least(k, n))))


def floor(share: float, lengths: npt.ArrayLike, sigma: float) -> Doubles:
    """The least share of the votes that any change of each length (L2) leaves a class, which has `share` without one.

    A straight border leaves just that, and by the lemma of Neyman and Pearson (1933) no border leaves less.
    """
    return np.asarray(stats.norm.cdf(stats.norm.ppf(share) - np.asarray(lengths) / sigma))


def overturn(
    model: Classifier, picture: Picture, label: int, *, sigma: float, steps: int = 32, length: float = 30, seed: int = 0
) -> list[Picture]:
    """Walk down the mean gradient of eight noisy pictures, `length` (L2) a step: the picture, and each step's."""
    random, x, path = np.random.default_rng(seed), picture.astype(np.float32), [picture]
    for _ in bar(range(steps), desc="steps"):
        noisy = [(x + random.normal(0, sigma, x.shape)).astype(np.float32) for _ in range(8)]
        gradient = np.mean([model.gradient(one, label) for one in noisy], axis=0)
        x = (x - length * gradient / np.linalg.norm(gradient)).clip(0, 255)
        path.append(np.rint(x).astype(np.uint8))
    return path


def controls(change: Numbers, seed: int = 0) -> dict[str, Doubles]:
    """Changes of this one's length (height x width x 3, sides divisible by 8) in nearly the same places, by name."""
    random, (height, width, _) = np.random.default_rng(seed), change.shape
    squares = change.reshape(height // 8, 8, width // 8, 8, 3).swapaxes(1, 2).reshape(-1, 64, 3)
    mixed = np.stack([random.permutation(square) for square in squares])
    shuffled = mixed.reshape(height // 8, width // 8, 8, 8, 3).swapaxes(1, 2).reshape(change.shape)
    coins = change * random.choice([-1, 1], change.shape)
    return {
        "random signs": coins,
        "shuffled in squares": shuffled,
        "negated": -change,
        "moved by 8": np.roll(change, 8, 1),
    }


def crumbs(move: float = 72, sigma: float = 40) -> tuple[Doubles, Doubles]:
    """A plane through a picture in squares of 8 x 8 pixel values: each one's share of the noise, before and after.

    Rows are across the move, and columns along it. The plane ends 200 pixel values from both middles.
    """
    ends = np.arange(-200, 200 + move + 1, 8)
    before, after = (np.diff(stats.norm.cdf(ends, middle, sigma)) for middle in (0, move))
    across = np.diff(stats.norm.cdf(np.arange(-200, 201, 8), 0, sigma))
    return np.outer(across, before), np.outer(across, after)
