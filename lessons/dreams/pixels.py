"""Lesson 13's control: a dream that moves pixels, and differs in nothing else from one that moves waves."""

import numpy as np
from scipy.special import expit, logit

from tricknet.arrays import Floats, Numbers
from tricknet.attacks.dream import NATURAL, Spectrum, Waves


class Pixels(Waves):
    """The same as Waves, but each number moves one pixel. Equal steps, of random signs, change a picture as much."""

    def __init__(self, size: tuple[int, int], colours: Floats = NATURAL):
        super().__init__(size, colours)
        self.loudness = np.float32(np.fft.irfft2(self.strengths, size, axes=(0, 1)).std())

    def picture(self, spectrum: Spectrum) -> Floats:
        shown: Floats = 255 * expit(self.loudness * spectrum @ self.colours.T)
        return shown.astype(np.float32)

    def spectrum(self, picture: Numbers) -> Spectrum:
        numbers: Spectrum = logit(np.clip(picture, 1, 254) / 255) @ np.linalg.inv(self.colours).T / self.loudness
        return numbers.astype(np.float32)

    def back(self, gradient: Floats, picture: Floats) -> Spectrum:
        slope: Spectrum = (self.loudness * gradient * picture * (1 - picture / 255) @ self.colours).astype(np.float32)
        return slope
