"""The kinds of array in this package, under the names that the signatures use, and the way back to a picture."""

from typing import Any

import numpy as np
import numpy.typing as npt

GREY = 128  # the pixel value in the middle

Picture = npt.NDArray[np.uint8]  # height x width x 3, RGB, pixel values 0..255
Pictures = npt.NDArray[np.uint8]  # n x height x width x 3
Floats = npt.NDArray[np.float32]  # probabilities, activations, gradients
Doubles = npt.NDArray[np.float64]  # where float32 would round the answer away
Numbers = npt.NDArray[Any]  # any of these: what a function checks before it uses it


def rounded(values: Numbers) -> Picture:
    """Any values as those of a picture: rounded to whole numbers, and cut off at 0 and 255."""
    return np.rint(values).clip(0, 255).astype(np.uint8)
