"""What every attack on a picture gives back, and what every attack refuses."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import images
from tricknet.arrays import Numbers, Picture

REASONS = {
    "epsilon": "a picture holds whole numbers, so no perturbation is smaller",
    "steps": "without a step nothing moves",
    "copies": "without a picture there is no gradient",
    "length": "a picture holds whole numbers, so no change is shorter",
    "queries": "an attack that asks nothing finds nothing",
}


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


def whole(picture: Numbers) -> Picture:
    """A picture as it is. Raises ValueError unless it is height x width x channels, in whole numbers 0..255 (uint8)."""
    array = np.asarray(picture)
    if array.dtype != np.uint8:
        raise ValueError(f"A picture to attack holds whole numbers 0..255 (uint8); this one holds {array.dtype}.")
    if array.ndim != 3:
        raise ValueError(f"A picture to attack is height x width x channels; the shape of this is {array.shape}.")
    return array


def at_least_one(**numbers: float) -> None:
    """Raises ValueError where epsilon, steps, copies, length or queries are below 1."""
    for name, value in numbers.items():
        if not value >= 1:  # so that NaN fails too
            raise ValueError(f"{name} must be at least 1: {REASONS[name]}.")


def added(picture: Picture, perturbation: npt.NDArray[Any]) -> Picture:
    """A picture (or a batch) with a perturbation added, cut off at 0 and 255: uint8."""
    return (picture + perturbation).clip(0, 255).astype(np.uint8)


def shuffled(perturbation: npt.NDArray[Any], seed: Any = 0) -> npt.NDArray[Any]:
    """A perturbation with its pixels at other places: the same values, and no pattern.

    perturbation: height x width x channels. seed: anything that np.random.default_rng takes.
    """
    pixels = perturbation.reshape(-1, perturbation.shape[-1])
    return np.random.default_rng(seed).permutation(pixels).reshape(perturbation.shape)
