"""What the world does to pictures. Each change takes and gives a uint8 picture, height x width x 3."""

import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from tricknet.arrays import Picture

LINEAR = Image.Resampling.BILINEAR


def jpeg(picture: Picture, quality: int) -> Picture:
    """Saved as JPEG (quality 1 to 95) and loaded again."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.array(Image.open(buffer))


def shrink(picture: Picture, side: int) -> Picture:
    """Made smaller, to `side` pixels a side, and as large as before again."""
    image = Image.fromarray(picture)
    return np.array(image.resize((side, side), LINEAR).resize(image.size, LINEAR))


def crop(picture: Picture, pixels: int) -> Picture:
    """`pixels` cut off at the left and at the top, and the rest enlarged to the old size."""
    image = Image.fromarray(picture)
    return np.array(image.resize(image.size, LINEAR, box=(pixels, pixels, image.width, image.height)))


def blur(picture: Picture, sigma: float) -> Picture:
    """Out of focus: each value a mean of its neighbours, by a bell curve `sigma` pixels wide."""
    return np.array(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(sigma)))


def brighten(picture: Picture, factor: float) -> Picture:
    """All values times `factor`; below 1 is darker."""
    return np.array(ImageEnhance.Brightness(Image.fromarray(picture)).enhance(factor))


def photographed(picture: Picture, random: np.random.Generator) -> Picture:
    """A little of everything, at random, as if a print or a screen had been photographed with a phone."""
    picture = crop(picture, int(random.integers(0, 13)))
    picture = shrink(picture, int(random.integers(160, 225)))
    picture = blur(picture, random.uniform(0, 0.8))
    picture = brighten(picture, random.uniform(0.85, 1.15))
    return jpeg(picture, int(random.integers(50, 96)))
