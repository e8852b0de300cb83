"""Lesson 8's idea: what happens to a picture out in the world, and what that leaves of a perturbation.

Changes take and give a uint8 picture, height x width x 3. Those of `tricknet.attacks.transforms` have a way back for
gradients, so an attack can be trained on them. No attack in this course draws those that are defined here, so they can
judge one that was trained on others.
"""

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image
from skimage.transform import ProjectiveTransform, warp

from tricknet.arrays import Doubles, Picture, rounded
from tricknet.attacks import transforms
from tricknet.evidence import Value, table

type Change = Callable[[Picture], Picture]

GREY = (128, 128, 128)  # what lies beyond the picture's edge
ENOUGH = 5  # of eight shots by a camera
BLACK, WHITE = 40, 220  # how dark ink is on paper, and how light the paper is


def rotate(picture: Picture, degrees: float) -> Picture:
    """Turned anticlockwise about its centre, with grey corners."""
    turned = Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=GREY)
    return np.array(turned)


def tilt(picture: Picture, share: float) -> Picture:
    """In perspective, as if it leant back: its upper edge is shorter by `share` of the width at both ends."""
    tall, wide = picture.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=float)
    leaning = corners.copy()
    leaning[:2, 0] += share * wide, -share * wide
    back = ProjectiveTransform.from_estimate(leaning, corners)  # type: ignore[no-untyped-call]
    moved = warp(picture, back, order=1, cval=GREY[0], preserve_range=True)  # type: ignore[no-untyped-call]
    return rounded(moved)


def mirror(picture: Picture) -> Picture:
    """Left and right exchanged."""
    return np.ascontiguousarray(picture[:, ::-1])


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


def noise(picture: Picture, sigma: float, seed: int = 0) -> Picture:
    """With the noise of a camera in the dark: each value moves by a random number, `sigma` out of 255 on average."""
    return rounded(picture + np.random.default_rng(seed).normal(0, sigma, picture.shape))


# What lesson 8 begins with: files, and what programs do to pictures.
WAYS: dict[str, Change] = {
    "PNG": lambda p: p,
    "JPEG 95": lambda p: transforms.jpeg(p, 95),
    "JPEG 85": lambda p: transforms.jpeg(p, 85),
    "JPEG 50": lambda p: transforms.jpeg(p, 50),
    "shrunk to 200": lambda p: transforms.shrink(p, 200),
    "cropped by 1 pixel": lambda p: transforms.crop(p, 1),
    "cropped by 8 pixels": lambda p: transforms.crop(p, 8),
    "blurred": lambda p: transforms.blur(p, 0.7),
    "20% darker": lambda p: transforms.brighten(p, 0.8),
    "20% brighter": lambda p: transforms.brighten(p, 1.2),
}

# What no attack here was trained on.
UNSEEN: dict[str, Change] = {
    "turned by 2°": lambda p: rotate(p, 2),
    "turned by 5°": lambda p: rotate(p, 5),
    "turned by 10°": lambda p: rotate(p, 10),
    "tilted by 5%": lambda p: tilt(p, 0.05),
    "tilted by 10%": lambda p: tilt(p, 0.1),
    "mirrored": mirror,
    "WebP 50": lambda p: webp(p, 50),
    "gamma 0.7": lambda p: gamma(p, 0.7),
    "gamma 1.4": lambda p: gamma(p, 1.4),
    "warm light": lambda p: warm(p, 0.2),
    "pale": pale,
    "noise 8": lambda p: noise(p, 8),
    "noise 16": lambda p: noise(p, 16),
}


def another_camera(picture: Picture, random: np.random.Generator) -> Picture:
    """A different imitation: a little of every change in UNSEEN but the mirror and the paper, at random."""
    picture = tilt(picture, random.uniform(0, 0.1))
    picture = rotate(picture, random.uniform(-10, 10))
    picture = warm(picture, random.uniform(0, 0.2))
    picture = gamma(picture, random.uniform(0.7, 1.4))
    picture = noise(picture, random.uniform(0, 8), int(random.integers(2**31)))
    return webp(picture, int(random.integers(50, 96)))


def soft(picture: Picture) -> Picture:
    """An imitation of a lens that is not quite sharp: shrunk to 200 pixels per side, then enlarged to its old size."""
    return transforms.shrink(picture, 200)


def remains(change: Change, photograph: Picture, picture: Picture) -> Doubles:
    """What a change makes of a perturbation: the changed picture minus the changed photograph (height x width x 3)."""
    return change(picture).astype(np.float64) - change(photograph)


def left(change: Change, photograph: Picture, picture: Picture) -> float:
    """How much of a perturbation is left in its place after a change: 1 for all of it, 0.5 for half.

    It is the part of what remains that points along the perturbation before, as a share of that.
    """
    before = picture.astype(np.float64) - photograph
    return float((remains(change, photograph, picture) * before).sum() / (before**2).sum())


def shifted(photograph: Picture, picture: Picture, pixels: int) -> Picture:
    """The photograph with all of the picture's perturbation, moved to the right by a few pixels."""
    moved = np.roll(picture.astype(np.int16) - photograph, pixels, axis=1)
    return rounded(photograph + moved)


def held(name: str, change: str, **which: Value) -> npt.NDArray[np.bool_]:
    """Which pictures of a table held through a change: those whose first answer was still what it should be.

    name: "survival" or "unseen". which: the columns that choose the rows, such as `set="HELD_OUT", how="plain"`. It
    should be the target, and for a photograph what it shows; in a camera, in at least five of eight shots.
    """
    rows = [row for row in table(name) if which.items() <= row.items()]
    wanted = "first" if which.get("how") == "photograph" else "target"
    return np.array([row[change] == wanted or row[change] in range(ENOUGH, 9) for row in rows])
