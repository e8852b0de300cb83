"""JPEG with a slope: the gradient goes back through its colours, its cosine waves, and a rounding made smooth."""

import io
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image
from scipy.fft import dctn, idctn

from tricknet.arrays import GREY, Doubles, Floats, Numbers, Picture, rounded
from tricknet.attacks.transforms import jpeg

BLOCK = 8  # pixels: the side of a square that is written as a sum of waves
# From red, green and blue to brightness and two differences of colour (ITU-R BT.601), as in every JPEG file.
COLOURS = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
ZERO = np.array([GREY, 0, 0])  # the colour that is written as 0


class SoftJpeg:
    """JPEG as it is, with a derivative for attacks (Shin and Song 2017). Make a new one for each picture.

    quality: 1 to 95. slope: what to put in place of the rounding's own slope, 0: takes the heights of waves in JPEG's
    steps, and gives a slope for each. Pictures are height x width x 3, with sides that 16 divides. `back` belongs to
    the last call.
    """

    def __init__(self, quality: int, slope: Callable[[Doubles], Doubles]):
        self.quality, self.slope = quality, slope

    def __call__(self, picture: Numbers) -> Picture:
        """The picture (rounded and clipped first) after JPEG: uint8."""
        shown = rounded(picture)
        self._slopes = [self.slope(plane) for plane in heights(shown, self.quality)]
        return jpeg(shown, self.quality)

    def back(self, gradient: Floats) -> Floats:
        """A gradient with respect to what came out, taken back to what went in."""
        back = [in_pixels(slope * votes) for slope, votes in zip(self._slopes, in_waves(gradient), strict=True)]
        back[1:] = [plane.repeat(2, axis=0).repeat(2, axis=1) / 4 for plane in back[1:]]
        return np.asarray(np.stack(back, axis=2) @ COLOURS, np.float32)


def bend(heights: Doubles) -> Doubles:
    """Shin and Song's slope, of round(x) + (x - round(x))^3: small in the middle of a step, large near its edges."""
    return 3 * (heights - np.rint(heights)) ** 2


def heights(picture: Picture, quality: int) -> list[Doubles]:
    """A picture's waves, in JPEG's steps: rows x columns of squares x 8 x 8, for brightness and the two colours."""
    planes = _planes(picture @ COLOURS.T - ZERO, np.mean)
    return [_waves(plane) / table for plane, table in zip(planes, tables(quality), strict=True)]


def in_waves(gradient: Numbers) -> list[Doubles]:
    """A gradient with respect to a picture as one with respect to its waves, shaped as `heights`."""
    return [_waves(plane) for plane in _planes(gradient @ np.linalg.inv(COLOURS), np.sum)]


@cache
def tables(quality: int) -> tuple[Doubles, Doubles, Doubles]:
    """By how much each wave's height is divided, for the brightness and for the two colours: 8 x 8 each."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as image:
        flat: dict[int, list[int]] = image.quantization  # type: ignore[attr-defined]  # only JPEG's images have it
        light, colour = (np.reshape(flat[i], (BLOCK, BLOCK)).astype(float) for i in (0, 1))
    return light, colour, colour


def _planes(colours: Numbers, join: Callable[..., Doubles]) -> list[Doubles]:
    """The brightness at full size, and the two colours at half, every four pixels joined into one."""
    height, width, _ = colours.shape
    halved = join(colours[..., 1:].reshape(height // 2, 2, width // 2, 2, 2), axis=(1, 3))
    return [colours[..., 0], halved[..., 0], halved[..., 1]]


def _waves(plane: Doubles) -> Doubles:
    """A plane cut into squares, and these into waves of length 1: rows x columns of squares x 8 x 8."""
    height, width = plane.shape
    squares = plane.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).transpose(0, 2, 1, 3)
    return np.asarray(dctn(squares, axes=(2, 3), norm="ortho"))


def in_pixels(waves: Doubles) -> Doubles:
    """A plane (height x width) from its waves, as `heights` and `in_waves` shape them."""
    rows, columns, _, _ = waves.shape
    squares: Doubles = idctn(waves, axes=(2, 3), norm="ortho")
    return squares.transpose(0, 2, 1, 3).reshape(rows * BLOCK, columns * BLOCK)
