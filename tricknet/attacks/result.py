"""What every attack on a picture gives back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.networks.classifier import Classifier, Prediction


@dataclass(frozen=True, eq=False)
class Change:
    """A picture before and after: uint8, of the same shape."""

    before: Picture
    after: Picture

    @property
    def perturbation(self) -> npt.NDArray[np.int16]:
        """After minus before: int16, pixel values."""
        return self.after.astype(np.int16) - self.before

    @property
    def largest(self) -> int:
        """How far the value that moved furthest moved (L-infinity), in pixel values."""
        return int(np.abs(self.perturbation).max())

    @property
    def length(self) -> float:
        """The length of the perturbation (L2), in pixel values."""
        return float(np.linalg.norm(self.perturbation.astype(float)))


@dataclass(frozen=True, eq=False)
class Result(Change):
    """A picture before and after an attack.

    fooled: is the network's answer about `after` the one that was asked for? gradients, queries: how many gradients the
    attack took for this picture, and how many answers about it.
    """

    fooled: bool
    gradients: int
    queries: int

    def save(self, path: str | Path) -> Path:
        """Write `after` as PNG, every value as it is, and return the path.

        Raises ValueError for any other file extension, and files.NotWrittenError as `files.write` does.
        """
        return images.save(self.after, path)


@dataclass(frozen=True, eq=False)
class Trick(Result):
    """A picture on its way to another class.

    frames: uint8, (steps + 1) x height x width x channels: the picture at first, and after each step that was kept.
    history: float32, (steps + 1) x classes, what the network said about each frame.
    best_index: which of the frames is `after`. target: the indices of the classes that were climbed towards, or away
    from if `less_like`.
    """

    frames: Pictures
    history: Floats
    best_index: int
    target: frozenset[int]
    epsilon: float
    less_like: bool
    model: Classifier

    @property
    def prediction_before(self) -> Prediction:
        """What the network said at first."""
        return Prediction(self.history[0], self.model.labels)

    @property
    def prediction_after(self) -> Prediction:
        """What the network says about `after`."""
        return Prediction(self.history[self.best_index], self.model.labels)

    @property
    def steps(self) -> int:
        """How many steps were kept."""
        return len(self.frames) - 1

    def __repr__(self) -> str:
        taken = f"{self.steps}" if self.best_index == self.steps else f"{self.best_index} of {self.steps}"
        return (
            f"{self.prediction_before} → {self.prediction_after} in {taken} steps; "
            f"no value moved by more than {self.largest} out of 255, {np.abs(self.perturbation).mean():.2f} on average"
        )


def added(picture: Picture, perturbation: npt.NDArray[Any]) -> Picture:
    """A picture (or a batch) with a perturbation added, cut off at 0 and 255: uint8."""
    return (picture + perturbation).clip(0, 255).astype(np.uint8)


def shuffled(perturbation: npt.NDArray[Any], seed: Any = 0) -> npt.NDArray[Any]:
    """A perturbation with its pixels at other places: the same values, and no pattern.

    perturbation: height x width x channels. seed: anything that np.random.default_rng takes.
    """
    pixels = perturbation.reshape(-1, perturbation.shape[-1])
    return np.random.default_rng(seed).permutation(pixels).reshape(perturbation.shape)
