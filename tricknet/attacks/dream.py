"""Dreams: pictures that climb an objective with no picture to stay near, so that what the network looks for shows.

A climb in pixels ends in noise that the network mistakes for the class. Three ideas make it a picture (Olah,
Mordvintsev, Schubert 2017). The network never sees it twice in the same place and size, so that nothing depends on
where a pixel is. It is painted in waves, of which the long ones count for more, as they do in photographs. And its
colours are mixed so that they vary as those of photographs.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.special import expit, logit

from tricknet.adam import Adam
from tricknet.arrays import Floats, Numbers, Picture, rounded
from tricknet.attacks.attack import at_least_one, until_ctrl_c
from tricknet.attacks.steps import climb
from tricknet.attacks.transforms import Linear
from tricknet.networks.classifier import SIDES, Classifier
from tricknet.networks.objectives import Goal

Spectrum = npt.NDArray[np.complexfloating[Any, Any]]  # height x (width // 2 + 1) x 3: how much there is of each wave

STEPS = 200
OCTAVES, STEP, SCALE = 4, 5, 1.4  # of DeepDream: its sizes, a step in pixel values, and from one size to the next
SHIFT, ZOOM = 16, (0.9, 1.1)  # of what the network sees: the most, in pixels, and how many times as large
FOG = 0.01  # the standard deviation of each part of a wave that a dream starts from
# Three primaries: light, blue to orange, green to purple. Mixed at random, they vary as the colours of ImageNet's do.
NATURAL = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]], np.float32) / 0.462
PLAIN = np.eye(3, dtype=np.float32)  # red, green and blue, each alone


class Waves:
    """A picture as a sum of waves, of which the long ones count for more, so that a few numbers move a large shape.

    size: the picture's (height, width). colours: float32, 3 x 3; a column holds the red, green and blue of one primary.
    """

    def __init__(self, size: tuple[int, int], colours: Floats = NATURAL):
        (height, width), self.size, self.colours = size, size, colours
        per_pixel = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))
        strengths = (height * width) ** 0.5 / 4 / np.maximum(per_pixel, 1 / max(size))
        # How much a wave counts: less, the shorter it is, as in photographs. height x (width // 2 + 1) x 1.
        self.strengths = strengths[..., None].astype(np.float32)

    def picture(self, spectrum: Spectrum) -> Floats:
        """The picture that these waves add up to: float32, height x width x 3, above 0 and below 255."""
        primaries = np.fft.irfft2(self.strengths * spectrum, self.size, axes=(0, 1))
        return (255 * expit(primaries @ self.colours.T)).astype(np.float32)

    def spectrum(self, picture: Numbers) -> Spectrum:
        """The waves that add up to a picture (height x width x 3), whose values never come within 1 of 0 or 255."""
        primaries = logit(np.clip(picture, 1, 254) / 255) @ np.linalg.inv(self.colours).T
        return (np.fft.rfft2(primaries, axes=(0, 1)) / self.strengths).astype(np.complex64)

    def back(self, gradient: Floats, picture: Floats) -> Spectrum:
        """A gradient with respect to the picture, taken back to its waves."""
        height, width = self.size
        primaries = (gradient * picture * (1 - picture / 255)) @ self.colours
        twice = np.full(width // 2 + 1, 2)  # a wave stands for its mirror image, too, unless it is its own
        twice[:: width // 2 if width % 2 == 0 else width] = 1
        slope = np.fft.rfft2(primaries, axes=(0, 1)) * twice[:, None] * self.strengths / (height * width)
        return slope.astype(np.complex64)


def noise(height: int = 224, width: int = 224, *, seed: int = 0) -> Picture:
    """Grey noise to start a dream from: uint8, height x width x 3, a little of every wave.

    Raises ValueError for a side of fewer than 32 or more than 1024 pixels.
    """
    if not SIDES[0] <= min(height, width) <= max(height, width) <= SIDES[1]:
        raise ValueError(f"A dream cannot have {height} x {width} pixels. Choose sides from 32 to 1024.")
    waves, random = Waves((height, width)), np.random.default_rng(seed)
    shape = *waves.strengths.shape[:2], 3
    spectrum = FOG * (random.normal(size=shape) + 1j * random.normal(size=shape))
    return rounded(waves.picture(spectrum.astype(np.complex64)))


def dreaming(
    model: Classifier,
    objective: Goal,
    start: Picture,
    *,
    steps: int = STEPS,
    step: float = 0.05,
    painting: Waves | None = None,
    seed: int = 0,
) -> Iterator[Picture]:
    """Yield the picture (uint8) before the first step, and after each one.

    start: uint8, height x width x 3, of any size: the network sees a part of a large one, or all of it made smaller.
    step: how far the first steps go; the others go less and less far. painting: what they move, of the picture's size
    (default: waves, in natural colours).
    """
    waves, adam = painting or Waves(start.shape[:2]), Adam()
    views, spectrum = glimpses(waves.size, model.size, seed=seed), waves.spectrum(start)

    def look(painted: tuple[Spectrum, Floats]) -> tuple[None, Floats]:
        view = next(views)
        return None, view.back(model.gradient(view(painted[1]), objective))

    def further(painted: tuple[Spectrum, Floats], gradient: Floats, taken: int) -> tuple[Spectrum, Floats]:
        spectrum, x = painted
        smaller = np.cos(np.pi / 2 * taken / steps) ** 2
        spectrum = spectrum + step * smaller * adam(waves.back(gradient, x))
        return spectrum, waves.picture(spectrum)

    for (_, x), _ in climb((spectrum, waves.picture(spectrum)), look, further, steps=steps):
        yield rounded(x)


def glimpses(size: tuple[int, int], seen: tuple[int, int], *, seed: int = 0) -> Iterator[Linear]:
    """What the network sees of a picture, without end: each time moved, larger or smaller, at random.

    size, seen: (height, width) of the picture, and of what the network sees. A picture that is too large for the
    network is seen at any size from all of it to a part at its own size. Beyond an edge it begins again at the other
    one.
    """
    random, whole_of_it = np.random.default_rng(seed), min(seen[0] / size[0], seen[1] / size[1], 1)
    while True:
        times = np.exp(random.uniform(np.log(whole_of_it * ZOOM[0]), np.log(ZOOM[1])))
        rows, columns = (
            _resampling(length, side, times, random.uniform(-1, 1) * (max(length - side / times, 0) / 2 + SHIFT))
            for length, side in zip(size, seen, strict=True)
        )
        yield Linear(rows, columns)


def _resampling(length: int, side: int, times: float, moved: float) -> Floats:
    """Weights, side x length: each new pixel is a mean of the old ones near it, by bilinear interpolation."""
    at = (np.arange(side) + 0.5 - side / 2) / times + length / 2 - 0.5 + moved
    distance = abs(at[:, None] - np.arange(length)) % length
    near = np.maximum(1 - np.minimum(distance, length - distance) * min(times, 1), 0)
    return (near / near.sum(axis=1, keepdims=True)).astype(np.float32)


def dream(model: Classifier, objective: Goal, *, steps: int = STEPS, seed: int = 0, side: int = 224) -> Picture:
    """The picture (uint8, side x side x 3) that a dream from noise ends at, or that it has reached at Ctrl-C.

    seed: of the noise, and of what is drawn on the way. `dreaming` has more options. Raises ValueError for less than
    one step.
    """
    at_least_one(steps=steps)
    start = noise(side, side, seed=seed)
    frames = dreaming(model, objective, start, steps=steps, seed=seed)
    return until_ctrl_c(frames, start, most=1, total=steps + 1)[0]


def climbing(
    model: Classifier,
    objective: Goal,
    start: Picture,
    *,
    steps: int = 20,
    step: float = 4,
    shift: int = 0,
    seed: int = 0,
) -> Iterator[Picture]:
    """The same in pixels: yield the picture (uint8) before the first step up the gradient, and after each one.

    start: uint8, height x width x 3, of the network's own size for an objective of its classes. step: how far a step
    goes, as the standard deviation of what it adds, in pixel values. shift: the most, in pixels, by which the picture
    is moved before the network sees it.
    """
    random = np.random.default_rng(seed)

    def look(x: Floats) -> tuple[None, Floats]:
        offset = random.integers(-shift, shift + 1, 2)
        return None, np.roll(model.gradient(np.roll(x, offset, (0, 1)), objective), -offset, (0, 1))

    def further(x: Floats, slope: Floats, taken: int) -> Floats:
        return np.clip(x + step * slope / slope.std(), 0, 255)

    for x, _ in climb(start.astype(np.float32), look, further, steps=steps):
        yield rounded(x)


def deepdream(model: Classifier, objective: Goal, photograph: Picture, *, steps: int = 10, seed: int = 0) -> Picture:
    """DeepDream (Mordvintsev et al. 2015): a photograph that takes on what a layer sees in it, of the same shape.

    photograph: uint8, height x width x 3, 32 to 1024 pixels per side; the objective lies below the classifier, such as
    Strength("inception_4c/output"). It starts out shrunk OCTAVES - 1 times by SCALE. What the `steps` at each
    size have added is enlarged and laid on the photograph at the next size, so that no detail of it is lost. Ctrl-C
    stops it early: what there is then is enlarged. Raises ValueError for less than one step.
    """
    at_least_one(steps=steps)
    (height, width, _), total = photograph.shape, OCTAVES * (steps + 1)

    def frames() -> Iterator[Picture]:
        added = np.zeros((1, 1, 3), np.float32)
        for octave in reversed(range(OCTAVES)):
            size = (max(round(height / SCALE**octave), 32), max(round(width / SCALE**octave), 32))
            base = resized(photograph.astype(np.float32), size)
            start = rounded(base + resized(added, size))
            for picture in climbing(model, objective, start, steps=steps, step=STEP, shift=16, seed=seed + octave):
                yield picture
            added = picture - base

    (picture,) = until_ctrl_c(frames(), photograph, most=1, total=total)
    return rounded(resized(picture.astype(np.float32), (height, width)))


def resized(array: Floats, size: tuple[int, int]) -> Floats:
    """An array (height x width x 3) at another size (height, width), by bilinear interpolation, in float32."""
    planes = [Image.fromarray(array[..., c]).resize(size[::-1], Image.Resampling.BILINEAR) for c in range(3)]
    return np.stack([np.asarray(plane) for plane in planes], axis=2)
