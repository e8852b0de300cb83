"""What may happen to a trick: what our cameras do, a crop in its parts, and changes that no attack here has used.

They take and give a uint8 picture, height x width x 3. Unlike tricknet.attacks.transforms, they give no gradient back.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image
from skimage.transform import ProjectiveTransform, warp

from tricknet.arrays import GREY, Picture, rounded
from tricknet.attacks.transforms import crop, jpeg, move, photographed, shrink

BLACK, WHITE = 40, 220  # how dark ink is on paper, and how light the paper is


def zoom(picture: Picture, pixels: int) -> Picture:
    """`pixels` cut off at each of the four edges, and the rest enlarged to the old size."""
    image = Image.fromarray(picture)
    box = (pixels, pixels, image.width - pixels, image.height - pixels)
    return np.array(image.resize(image.size, Image.Resampling.BILINEAR, box=box))


def rotate(picture: Picture, degrees: float) -> Picture:
    """Turned anticlockwise about its centre, with grey corners."""
    return np.array(Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=(GREY,) * 3))


def tilt(picture: Picture, share: float) -> Picture:
    """In perspective, as if it leant back: its upper edge is shorter by `share` of the width at both ends."""
    tall, wide = picture.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=float)
    leaning = corners.copy()
    leaning[:2, 0] += share * wide, -share * wide
    back = ProjectiveTransform.from_estimate(leaning, corners)  # type: ignore[no-untyped-call]
    return rounded(warp(picture, back, order=1, cval=GREY, preserve_range=True))  # type: ignore[no-untyped-call]


def webp(picture: Picture, quality: int) -> Picture:
    """Saved as WebP (quality 1 to 100) and loaded again."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", quality=quality)
    return np.array(Image.open(buffer).convert("RGB"))


def gamma(picture: Picture, power: float) -> Picture:
    """All values, as shares of 255, to a power: below 1 the middle becomes lighter, above 1 darker."""
    return rounded(255 * (picture / 255) ** power)


def warm(picture: Picture, share: float) -> Picture:
    """In the light of a lamp: more red by `share`, and less blue."""
    return rounded(picture * np.array([1 + share, 1, 1 - share]))


def pale(picture: Picture) -> Picture:
    """On paper, where black is a dark grey and white is not quite white."""
    return rounded(BLACK + (WHITE - BLACK) / 255 * picture)


def camera_noise(picture: Picture, sigma: float, seed: int = 0) -> Picture:
    """With the noise of a camera in the dark: each value moves by a random number, `sigma` out of 255 on average."""
    return rounded(picture + np.random.default_rng(seed).normal(0, sigma, picture.shape))


type Changes = dict[str, Callable[[Picture], Picture]]

HOMEWORK: Changes = {
    "JPEG 85": lambda p: jpeg(p, 85),
    "JPEG 50": lambda p: jpeg(p, 50),
    "shrunk to 200": lambda p: shrink(p, 200),
    "cropped by 1": lambda p: crop(p, 1),
    "cropped by 8": lambda p: crop(p, 8),
}
PARTS: Changes = {  # of a crop by 8, which enlarges, softens, and moves the picture to the left and up
    "zoomed": lambda p: zoom(p, 4),  # by as much, about the centre
    "moved by 5 and 5": lambda p: move(p, -5, -5),
    "moved by 8 and 8": lambda p: move(p, -8, -8),
    "softened": lambda p: shrink(p, 216),  # twice by what a crop enlarges by
}
EXAM: Changes = {
    "turned by 2°": lambda p: rotate(p, 2),
    "turned by 5°": lambda p: rotate(p, 5),
    "turned by 10°": lambda p: rotate(p, 10),
    "tilted by 5%": lambda p: tilt(p, 0.05),
    "tilted by 10%": lambda p: tilt(p, 0.1),
    "mirrored": lambda p: p[:, ::-1].copy(),
    "WebP 50": lambda p: webp(p, 50),
    "gamma 0.7": lambda p: gamma(p, 0.7),
    "warm light": lambda p: warm(p, 0.2),
    "pale": pale,
    "noise 8": lambda p: camera_noise(p, 8),
    "noise 16": lambda p: camera_noise(p, 16),
}


def another_camera(picture: Picture, random: np.random.Generator) -> Picture:
    """A different camera: a little of every change in EXAM but the mirror and the paper, at random."""
    picture = tilt(picture, random.uniform(0, 0.1))
    picture = rotate(picture, random.uniform(-10, 10))
    picture = warm(picture, random.uniform(0, 0.2))
    picture = gamma(picture, random.uniform(0.7, 1.4))
    picture = camera_noise(picture, random.uniform(0, 8), int(random.integers(2**31)))
    return webp(picture, int(random.integers(50, 96)))


CAMERAS = {"photographed": photographed, "another camera": another_camera}
