"""A sticker: one round picture that makes a network see its class in most photographs, wherever it is stuck.

It is made by climbing, like any other picture (Brown et al. 2017, "Adversarial Patch"). What is new is what happens
before the network sees it: it is turned, resized, made brighter or darker and put on a photograph, each time at random,
and the gradient comes back through all of that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.sparse import csr_array

from tricknet import images
from tricknet.arrays import GREY, Floats, Numbers, Picture, rounded
from tricknet.attacks.attack import Counted, at_least_one, whole
from tricknet.attacks.gradients import averaged
from tricknet.attacks.steps import METHODS, walk
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Class, Target
from tricknet.paths import STICKERS_FOLDER

SIDE = 104  # pixels: a disc of this diameter covers 17% of a picture of 224 x 224
STEPS, BATCH = 300, 4
METHOD = replace(METHODS["calm"], reach=8 / 255)  # in a box of any values: at first by 8 pixel values
ANGLES, SCALES, LIGHTS = (-20.0, 20.0), (0.8, 1.2), (0.85, 1.15)  # degrees, times SIDE, times the brightness


def disc(side: int = SIDE) -> npt.NDArray[np.bool_]:
    """The pixels (side x side) whose centres lie inside the largest circle."""
    from_centre = np.arange(side) - (side - 1) / 2
    return np.hypot(from_centre, from_centre[:, None]) <= side / 2


def diameter(share: float) -> float:
    """The diameter, in pixels, of a disc that covers this share of a picture's area."""
    return 2 * images.SIZE * float(np.sqrt(share / np.pi))


def place(
    picture: Picture, sticker: Numbers, centre: tuple[float, float], size: float, *, angle: float = 0, light: float = 1
) -> Picture:
    """A picture (uint8, height x width x 3) with a sticker on it, as it would be shown: uint8, of the same shape.

    sticker: side x side x 3, or RGBA; only the disc is used. centre: (row, column) in the picture, in pixels; the
    sticker may hang over the edge. size: its diameter in the picture, in pixels. angle: degrees, anticlockwise.
    light: a factor for its brightness.
    """
    stuck = Stuck(picture, sticker.shape[0], centre, size, angle=angle, light=light)
    return rounded(stuck(sticker[..., : picture.shape[2]]))


class Stuck:
    """`place` as a transform of the *sticker*: linear in it, apart from the part of the photograph that is not covered.

    picture: height x width x 3. side: the sticker's own. The rest is as for `place`. The result is neither rounded nor
    clipped.
    """

    def __init__(
        self,
        picture: Numbers,
        side: int,
        centre: tuple[float, float],
        size: float,
        *,
        angle: float = 0,
        light: float = 1,
    ):
        inside = disc(side).ravel().astype(np.float32)
        weights = _resampling(picture.shape[:2], side, centre, size, angle)
        covered = (weights @ inside).reshape(*picture.shape[:2], 1)
        self._bare = ((1 - covered) * picture).astype(np.float32)
        self._weights, self._shape = csr_array(light * weights.multiply(inside)), (side, side, picture.shape[2])

    def __call__(self, sticker: Numbers) -> Floats:
        """The picture with the sticker (side x side x 3) on it: float32."""
        stuck: Floats = self._weights @ sticker.astype(np.float32).reshape(-1, self._shape[2])
        return self._bare + stuck.reshape(self._bare.shape)

    def back(self, gradient: Floats) -> Floats:
        """The adjoint: a gradient with respect to the picture, taken back to the sticker (side x side x 3)."""
        to_sticker: Floats = self._weights.T @ gradient.reshape(-1, self._shape[2])
        return to_sticker.reshape(self._shape)


def _resampling(shape: tuple[int, ...], side: int, centre: tuple[float, float], size: float, angle: float) -> csr_array:
    """Weights (picture's pixels x sticker's pixels, float32) of a bilinear filter, wide enough to shrink without gaps.

    Each pixel of the picture is mapped to a point of the sticker's own grid, and is a weighted sum of the pixels around
    that point. Before those beyond the sticker's edge are left out, its weights add up to 1.
    """
    scale = size / side
    reach = size / 2 + 2 + scale  # pixels of the picture; the square's corners hold nothing
    near = [np.arange(max(0, int(c - reach)), min(n, int(c + reach))) for c, n in zip(centre, shape, strict=True)]
    rows, columns = np.meshgrid(*near, indexing="ij")
    down, along = rows.ravel() + 0.5 - centre[0], columns.ravel() + 0.5 - centre[1]
    cos, sin = np.cos(np.radians(angle)) / scale, np.sin(np.radians(angle)) / scale
    wide = max(1 / scale, 1)
    taps = np.arange(1 - np.ceil(wide), np.ceil(wide) + 1)
    turned = cos * down + sin * along, cos * along - sin * down
    (v, by_row), (u, by_column) = (_tent(at + side / 2 - 0.5, taps, wide) for at in turned)
    weights = (by_row[:, :, None] * by_column[:, None, :]).ravel()
    v, u = (a.ravel() for a in np.broadcast_arrays(v[:, :, None], u[:, None, :]))
    pixels = np.repeat((rows * shape[1] + columns).ravel(), len(taps) ** 2)
    on = (weights > 0) & (v >= 0) & (v < side) & (u >= 0) & (u < side)
    at = (pixels[on], (v * side + u)[on].astype(int))
    return csr_array((weights[on].astype(np.float32), at), shape=(shape[0] * shape[1], side * side))


def _tent(at: Floats, taps: Floats, wide: float) -> tuple[Numbers, Numbers]:
    """The grid's positions around each of `at` (n x taps), and their weights: a tent `wide` on each side, sum 1."""
    near = np.floor(at)[:, None] + taps
    weights = np.maximum(0, 1 - np.abs(near - at[:, None]) / wide)
    return near, weights / weights.sum(axis=1, keepdims=True)


def anywhere(photographs: Sequence[Picture], side: int = SIDE) -> Callable[[np.random.Generator], Stuck]:
    """For `averaged`: the sticker on a random photograph, at a random place, angle, size and brightness."""

    def draw(random: np.random.Generator) -> Stuck:
        photograph = photographs[int(random.integers(len(photographs)))]
        size = side * random.uniform(*SCALES)
        row, column = (random.uniform(size / 2, length - size / 2) for length in photograph.shape[:2])
        angle, light = random.uniform(*ANGLES), random.uniform(*LIGHTS)
        return Stuck(photograph, side, (row, column), size, angle=angle, light=light)

    return draw


@dataclass(frozen=True, eq=False)
class Sticker:
    """A sticker for a class.

    pixels: uint8, side x side x 4 (RGBA), transparent outside the disc. label: the class's name. gradients: how many
    it took to make it, and 0 if it was not made here.
    """

    pixels: Picture
    label: str
    gradients: int = 0

    def on(self, picture: Picture, centre: tuple[float, float] = (112, 112), size: float = SIDE) -> Picture:
        """The picture with the sticker on it: see `place`."""
        return place(picture, self.pixels, centre, size)

    def save(self, path: str | Path) -> Path:
        """Write it as PNG, every value as it is, and return the path. `plots.paper.save_sheet` is for the printer.

        Raises ValueError for any other file extension, and files.NotWrittenError as `files.write` does.
        """
        return images.save(self.pixels, path)


def names() -> list[str]:
    """The names of the stickers that come with the project, each that of its class."""
    return sorted(path.stem for path in STICKERS_FOLDER.glob("*.png"))


def ready(name: str) -> Sticker:
    """A sticker that comes with the project, such as "toaster". Raises a KeyError, listing them, for other names."""
    if name not in names():
        raise KeyError(f"There is no sticker {name!r}. The stickers are: {', '.join(names())}.")
    return Sticker(np.array(Image.open(STICKERS_FOLDER / f"{name}.png")), name)


def make(
    model: Classifier,
    target: Target,
    *,
    photographs: Sequence[Picture] | None = None,
    side: int = SIDE,
    steps: int = STEPS,
    batch: int = BATCH,
    seed: int = 0,
) -> Sticker:
    """Make a sticker for a class: steps from grey, each along the mean gradient of a few photographs with it on.

    target: a class by index or name, or a set of them. photographs: uint8, 224 x 224 x 3 each (default: those of
    images.EVIDENCE). side: in pixels. batch: how many photographs each step uses, drawn at random with `seed`.

    Returns the sticker after the last step, or after Ctrl-C the one so far. The steps compute gradients and no answers,
    so it need not be the best on the way. Raises LabelError for an unknown class, and ValueError for fewer than one
    step, or for photographs that are not uint8.
    """
    at_least_one(steps=steps)
    classes = model.indices(target)  # first, so that an unknown name costs no work
    if photographs is None:
        photographs = [images.load(name) for name in images.EVIDENCE]
    photographs = [whole(photograph) for photograph in photographs]
    start = np.full((1, side, side, photographs[0].shape[2]), GREY, dtype=np.uint8)
    counted: Any = Counted(model)
    gradient_of = averaged(counted, [Class(classes)], copies=batch, seed=seed, draw=anywhere(photographs, side))
    (pixels,) = walk(start, gradient_of, epsilon=255, steps=steps, method=METHOD)
    opaque = np.where(disc(side), 255, 0).astype(np.uint8)
    label = " or ".join(model.labels[c] for c in sorted(classes))
    return Sticker(np.dstack([pixels, opaque]), label, gradients=counted.gradients)
