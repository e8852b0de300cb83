"""What the world does to pictures, and the way back for gradients.

First the transforms themselves: each takes and gives a uint8 picture, height x width x 3. Then the same as linear maps
with exact adjoints, through which an attack can be sent.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from tricknet.arrays import Doubles, Floats, Numbers, Picture, rounded
from tricknet.images import SIZE

BILINEAR = Image.Resampling.BILINEAR


def jpeg(picture: Picture, quality: int) -> Picture:
    """Saved as JPEG (quality 1 to 95) and loaded again."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.array(Image.open(buffer))


def shrink(picture: Picture, side: int) -> Picture:
    """Shrunk to `side` pixels per side, then enlarged to its old size."""
    image = Image.fromarray(picture)
    return np.array(image.resize((side, side), BILINEAR).resize(image.size, BILINEAR))


def crop(picture: Picture, pixels: int) -> Picture:
    """`pixels` cut off at the left and at the top, and the rest enlarged to the old size."""
    image = Image.fromarray(picture)
    return np.array(image.resize(image.size, BILINEAR, box=(pixels, pixels, image.width, image.height)))


def move(picture: Picture, right: int, down: int = 0) -> Picture:
    """Moved to the right and down by whole pixels (negative: to the left, up), with the edge repeated."""
    return rounded(moving(right, down)(picture))


def blur(picture: Picture, sigma: float) -> Picture:
    """Out of focus: each value a mean of its neighbours, by a bell curve `sigma` pixels wide."""
    return np.array(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(sigma)))


def brighten(picture: Picture, factor: float) -> Picture:
    """All values times `factor`; below 1 is darker."""
    return np.array(ImageEnhance.Brightness(Image.fromarray(picture)).enhance(factor))


def photographed(picture: Picture, random: np.random.Generator) -> Picture:
    """A simulation of a phone's camera in front of a print or a screen: a little of everything, at random."""
    picture = crop(picture, int(random.integers(0, 13)))
    picture = shrink(picture, int(random.integers(160, 225)))
    picture = blur(picture, random.uniform(0, 0.8))
    picture = brighten(picture, random.uniform(0.85, 1.15))
    return jpeg(picture, int(random.integers(50, 96)))


class Transform(Protocol):
    """What happens to a picture, and what it does to a gradient on its way back."""

    def __call__(self, picture: Numbers, /) -> Numbers:
        """The transformed picture (height x width x 3)."""
        ...

    def back(self, gradient: Floats, /) -> Floats:
        """A gradient with respect to the transformed picture, taken back to the picture before it."""
        ...


@dataclass(frozen=True)
class Linear:
    """A transform that is linear in the picture: rows x picture x columns transposed, times a factor.

    rows, columns: float32, height x height and width x width; each row of them holds the weights with which the old
    rows (or columns) are summed into a new one. They act on each colour alone. `after @ before` does both.
    """

    rows: Floats
    columns: Floats
    factor: float = 1.0

    def __call__(self, picture: Numbers) -> Floats:
        """The transformed picture (height x width x 3): float32, neither rounded nor clipped."""
        return self.factor * _weighted(self.rows, picture, self.columns)

    def back(self, gradient: Floats) -> Floats:
        """The adjoint: takes a gradient with respect to the transformed picture to one with respect to the picture."""
        return self.factor * _weighted(self.rows.T, gradient, self.columns.T)

    def __matmul__(self, before: "Linear") -> "Linear":
        return Linear(self.rows @ before.rows, self.columns @ before.columns, self.factor * before.factor)


def _weighted(rows: Floats, picture: Numbers, columns: Floats) -> Floats:
    """rows x picture x columns transposed, for each colour."""
    return columns @ np.tensordot(rows, picture.astype(np.float32), 1)


def cropping(pixels: int) -> Linear:
    """`crop` as a linear transform."""
    weights = resizing(SIZE, SIZE, start=pixels)
    return Linear(weights, weights)


def moving(right: int, down: int = 0) -> Linear:
    """`move` as a linear transform."""
    weights = np.eye(SIZE, dtype=np.float32)
    rows, columns = (weights[np.clip(np.arange(SIZE) - by, 0, SIZE - 1)] for by in (down, right))
    return Linear(rows, columns)


def shrinking(side: int) -> Linear:
    """`shrink` as a linear transform."""
    weights = resizing(side, SIZE) @ resizing(SIZE, side)
    return Linear(weights, weights)


def blurring(sigma: float, side: int = SIZE) -> Linear:
    """A Gaussian blur, of which Pillow's (`blur`) is an approximation."""
    distance = np.arange(side) - np.arange(side)[:, None]
    weights = _means(np.exp(-0.5 * (distance / max(sigma, 0.01)) ** 2))
    return Linear(weights, weights)


def resizing(old: int, new: int, start: int = 0) -> Floats:
    """Weights (new x old) that make `new` rows from rows `start` to `old`, as Pillow's bilinear filter does."""
    scale = (old - start) / new
    centres = start + (np.arange(new) + 0.5) * scale
    return _means(np.maximum(0, 1 - np.abs(np.arange(old) + 0.5 - centres[:, None]) / max(scale, 1)))


def _means(weights: Doubles) -> Floats:
    """The weights with each row's sum made 1, so that one colour stays that colour."""
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class StraightThrough:
    """A transform without a useful derivative, such as JPEG: gradients go back as if it had done nothing.

    transform: takes a uint8 picture and gives one (Bengio et al. 2013; as an attack, BPDA of Athalye et al. 2018).
    """

    transform: Callable[[Picture], Picture]

    def __call__(self, picture: Numbers) -> Picture:
        """The transformed picture, uint8; what it is given is rounded and clipped first."""
        return self.transform(rounded(picture))

    def back(self, gradient: Floats) -> Floats:
        """The gradient as it is."""
        return gradient


@dataclass(frozen=True)
class Noise:
    """Gaussian noise of size sigma (pixel values), drawn anew each time."""

    random: np.random.Generator
    sigma: float

    def __call__(self, picture: Numbers) -> Floats:
        """The picture with noise: float32, neither rounded nor clipped."""
        return (picture + self.random.normal(0, self.sigma, picture.shape)).astype(np.float32)

    def back(self, gradient: Floats) -> Floats:
        """The gradient as it is: what is added does not depend on the picture."""
        return gradient


@dataclass(frozen=True)
class InTurn:
    """Several transforms, one after the other; a gradient goes back through them in reverse."""

    transforms: tuple[Transform, ...]

    def __call__(self, picture: Numbers) -> Numbers:
        """The picture after the last transform."""
        for transform in self.transforms:
            picture = transform(picture)
        return picture

    def back(self, gradient: Floats) -> Floats:
        """The gradient before the first transform."""
        for transform in reversed(self.transforms):
            gradient = transform.back(gradient)
        return gradient


def camera(random: np.random.Generator, crop: int = 12) -> InTurn:
    """`photographed`, drawn at random from the same ranges, with a way back for gradients. crop: at most (pixels)."""
    lens = cropping(int(random.integers(0, crop + 1)))
    lens = shrinking(int(random.integers(160, 225))) @ lens
    lens = blurring(random.uniform(0, 0.8)) @ lens
    lens, quality = replace(lens, factor=random.uniform(0.85, 1.15)), int(random.integers(50, 96))
    return InTurn((lens, StraightThrough(lambda picture: jpeg(picture, quality))))
