"""What happens to pictures on their way through the world, and a walk along any gradient to prepare them for it.

Each change takes and gives a uint8 picture, height x width x 3.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter
from tqdm.auto import tqdm

from tricknet.trick import Ascent

LINEAR = Image.Resampling.BILINEAR


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """Saved as JPEG (quality 1 to 95) and loaded again."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.array(Image.open(buffer))


def shrink(picture: np.ndarray, side: int) -> np.ndarray:
    """Made smaller, to `side` pixels a side, and as large as before again."""
    image = Image.fromarray(picture)
    return np.array(image.resize((side, side), LINEAR).resize(image.size, LINEAR))


def crop(picture: np.ndarray, pixels: int) -> np.ndarray:
    """`pixels` cut off at the left and at the top, and the rest enlarged to the old size."""
    image = Image.fromarray(picture)
    return np.array(image.resize(image.size, LINEAR, box=(pixels, pixels, image.width, image.height)))


def blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Out of focus: each value a mean of its neighbours, by a bell curve `sigma` pixels wide."""
    return np.array(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(sigma)))


def brighten(picture: np.ndarray, factor: float) -> np.ndarray:
    """All values times `factor`; below 1 is darker."""
    return np.array(ImageEnhance.Brightness(Image.fromarray(picture)).enhance(factor))


def photographed(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A little of everything, by chance, as if a print or a screen had been photographed with a telephone."""
    picture = crop(picture, int(random.integers(0, 13)))
    picture = shrink(picture, int(random.integers(160, 225)))
    picture = blur(picture, random.uniform(0, 0.8))
    picture = brighten(picture, random.uniform(0.85, 1.15))
    return jpeg(picture, int(random.integers(50, 96)))


def walk(
    pictures: np.ndarray, epsilon: float, gradient_of: Callable[[np.ndarray], np.ndarray], steps: int = 30
) -> np.ndarray:
    """The steps of `trick` along any gradient, such as a mean over chance changes or a sum over several networks.

    pictures: uint8, n x height x width x 3. epsilon: the most that any value may move, in pixel values.
    gradient_of: takes the pictures in whole numbers (float32) and gives an array of their shape to climb along.
    Ctrl-C ends early. Returns the pictures it ends at, uint8.
    """
    ascent = Ascent(pictures, epsilon, steps)
    try:
        for _ in tqdm(range(steps), leave=False, delay=1):
            ascent.step(gradient_of(ascent.shown.astype(np.float32)))
    except KeyboardInterrupt:
        pass  # as in `trick`: what was reached is kept
    return ascent.shown
