"""Lesson 9's ways to lose a trick: files, and what programs do to pictures.

Changes take and give a uint8 picture, height x width x 3.
"""

from collections.abc import Callable

from tricknet.arrays import Picture
from tricknet.attacks import transforms

WAYS: dict[str, Callable[[Picture], Picture]] = {
    "PNG": lambda p: p,
    "JPEG 85": lambda p: transforms.jpeg(p, 85),
    "JPEG 50": lambda p: transforms.jpeg(p, 50),
    "shrunk to 200": lambda p: transforms.shrink(p, 200),
    "cropped by 1 pixel": lambda p: transforms.crop(p, 1),
    "cropped by 8 pixels": lambda p: transforms.crop(p, 8),
}


def soft(picture: Picture) -> Picture:
    """A simulated lens that is not quite sharp: shrunk to 200 pixels per side, then enlarged to its old size."""
    return transforms.shrink(picture, 200)
