"""Dreams: pictures that climb an objective with no picture to stay near, so that what the network looks for shows.

A plain climb from noise ends in noise that the network is sure of. Three ideas make it a picture: the network sees
it shifted at random, so that nothing depends on the exact place of a pixel; it is blurred, ever less; and it grows
from small to large, so that large shapes come before small ones (Yosinski et al. 2015; Mordvintsev et al. 2015).
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from tricknet.arrays import Floats, Numbers, Picture
from tricknet.networks.classifier import Classifier, Wanted
from tricknet.progress import bar

GREY = 117  # near the mean of the training pictures
EVERY = 4  # steps from one blur of the picture to the next


class Options(TypedDict, total=False):
    """How a picture is dreamt: see `dreaming`."""

    step: float
    shift: int
    blur: tuple[float, float]
    smooth: tuple[float, float]
    grow: Sequence[float]


FULL: Options = {"grow": (1,)}
SHARP: Options = {"blur": (0, 0), "smooth": (0, 0)}
IDEAS: dict[str, Options] = {  # one more in each, and `dream` has them all
    "plain": {"shift": 0} | SHARP | FULL,
    "shifted": SHARP | FULL,
    "blurred": FULL,
    "growing": {"grow": (4, 2, 1)},
}


class Deep(TypedDict, total=False):
    """How a photograph dreams: see `deepening`."""

    scale: float
    step: float
    seed: int


def noise(height: int = 224, width: int = 224, *, seed: int = 0) -> Picture:
    """Grey with a little noise to start a dream from: uint8, height x width x 3, standard deviation 10."""
    return whole(np.random.default_rng(seed).normal(GREY, 10, (height, width, 3)))


def dreaming(
    model: Classifier,
    objective: Wanted,
    start: Picture,
    *,
    steps: int = 250,
    step: float = 3,
    shift: int = 16,
    blur: tuple[float, float] = (2, 0.5),
    smooth: tuple[float, float] = (1.2, 0.3),
    grow: Sequence[float] = (1,),
    seed: int = 0,
) -> Iterator[Picture]:
    """Yield the picture (uint8) before the first of so many steps, and after each.

    start: uint8, height x width x 3. step: how far a step goes, as the standard deviation of what it adds, in pixel
    values. shift: pixels, at most, by which the network sees the picture moved. blur, smooth: the widths (sigma, in
    pixels) of the Gaussians that each gradient and every fourth picture are blurred with, at the first step and at
    the last; 0 leaves them sharp. grow: how many times smaller the picture itself is, in stages of equal length; the
    network always sees it enlarged to its full size. (4, 2, 1) ends at the full size.
    """
    random = np.random.default_rng(seed)
    x, full = start.astype(np.float32), start.shape[:2]
    for taken in range(steps):
        done, times = taken / max(steps - 1, 1), grow[taken * len(grow) // steps]
        x = resized(x, (round(full[0] / times), round(full[1] / times)))
        seen = resized(x, full)
        yield whole(seen)
        offset = random.integers(-shift, shift + 1, 2)
        slope = model.gradient(np.roll(seen, offset, (0, 1)), objective)
        slope = blurred(np.roll(slope, -offset, (0, 1)), between(blur, done))
        slope = resized(slope, x.shape[:2])
        x = x + step * slope / slope.std()
        if taken % EVERY == 0:
            x = blurred(x, between(smooth, done) / times)
        x = np.clip(x, 0, 255)
    yield whole(resized(x, full))


def dream(
    model: Classifier, objective: Wanted, *, steps: int = 250, seed: int = 0, **options: Unpack[Options]
) -> Picture:
    """The picture (uint8, 224 x 224 x 3) that a dream from noise ends at. Ctrl-C ends it early and keeps the picture.

    options: those of `dreaming`, but here the picture grows from a quarter of its size unless `grow` says otherwise.
    """
    options.setdefault("grow", IDEAS["growing"]["grow"])
    start = noise(seed=seed)
    walk = dreaming(model, objective, start, steps=steps, seed=seed, **options)
    return last(itertools.islice(walk, 1, None), steps, start)


def deepening(
    model: Classifier,
    objective: Wanted,
    photograph: Picture,
    *,
    octaves: int = 4,
    scale: float = 1.4,
    steps: int = 10,
    step: float = 5,
    seed: int = 0,
) -> Iterator[Picture]:
    """DeepDream (Mordvintsev et al. 2015): yield a photograph as it takes on what a layer sees in it.

    photograph: uint8, height x width x 3, 32 to 1024 pixels per side; the objective lies below the classifier, such as
    Strength("inception_4c/output"). It begins `octaves` - 1 times smaller by `scale`; what each octave has added is
    enlarged and laid on the photograph at the next size, so that no detail of it is lost.
    """
    height, width = photograph.shape[:2]
    added = np.zeros((1, 1, 3), np.float32)
    for octave in reversed(range(octaves)):
        size = (max(round(height / scale**octave), 32), max(round(width / scale**octave), 32))
        base = resized(photograph.astype(np.float32), size)
        start = whole(base + resized(added, size))
        picture = start
        walk = dreaming(model, objective, start, steps=steps, step=step, blur=(0, 0), smooth=(0, 0), seed=seed + octave)
        for picture in itertools.islice(walk, 1, None):
            yield picture
        added = picture - base


def deepdream(
    model: Classifier,
    objective: Wanted,
    photograph: Picture,
    *,
    octaves: int = 4,
    steps: int = 10,
    **options: Unpack[Deep],
) -> Picture:
    """The picture that `deepening` ends at, of the photograph's size. Ctrl-C ends it early, enlarged to that size."""
    walk = deepening(model, objective, photograph, octaves=octaves, steps=steps, **options)
    end = last(walk, octaves * steps, photograph)
    return whole(resized(end.astype(np.float32), photograph.shape[:2]))


def zooming(
    model: Classifier,
    objective: Wanted,
    picture: Picture,
    *,
    frames: int = 24,
    closer: float = 1.06,
    steps: int = 2,
    step: float = 5,
) -> Iterator[Picture]:
    """Yield frames of a zoom into a dream: each is the one before, `closer` times as large, which dreams on.

    picture: uint8, height x width x 3, which all frames have. steps: how many each frame dreams.
    """
    height, width = picture.shape[:2]
    for frame in range(frames):
        yield picture
        large = resized(picture.astype(np.float32), (round(height * closer), round(width * closer)))
        top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
        start = whole(large[top : top + height, left : left + width])
        *_, picture = dreaming(model, objective, start, steps=steps, step=step, blur=(0, 0), smooth=(0, 0), seed=frame)


def last(walk: Iterator[Picture], steps: int, start: Picture) -> Picture:
    """The last picture of a walk, with a progress bar. After Ctrl-C, the last one reached."""
    picture = start
    try:
        for shown in bar(walk, total=steps, desc="steps"):
            picture = shown
    except KeyboardInterrupt:
        pass  # what was reached is kept
    return picture


def between(ends: tuple[float, float], done: float) -> float:
    """A value on the way from the first to the second; `done` runs from 0 to 1."""
    return ends[0] + (ends[1] - ends[0]) * done


def blurred(array: Floats, sigma: float) -> Floats:
    """Each value a mean of its neighbours (height x width x 3), by a Gaussian `sigma` pixels wide."""
    result: Floats = gaussian_filter(array, (sigma, sigma, 0)) if sigma else array
    return result


def resized(array: Floats, size: tuple[int, int]) -> Floats:
    """An array (height x width x 3) at another size (height, width), by bilinear interpolation, in float32."""
    if array.shape[:2] == tuple(size):
        return array
    planes = [Image.fromarray(array[..., c]).resize(size[::-1], Image.Resampling.BILINEAR) for c in range(3)]
    return np.stack([np.asarray(plane) for plane in planes], axis=2)


def whole(x: Numbers) -> Picture:
    """Rounded to whole numbers 0..255."""
    return np.rint(np.clip(x, 0, 255)).astype(np.uint8)


def coarse(picture: Picture, unit: int = 8) -> Picture:
    """Rounded to multiples of `unit`: hard to tell from the picture itself, in about half the bytes of a PNG."""
    return whole(np.rint(picture / unit) * unit)
