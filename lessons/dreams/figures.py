"""Lesson 13's pictures: painted in pixels, with fewer bytes, or in pieces."""

import numpy as np
from scipy.special import expit, logit

from tricknet.arrays import Floats, Numbers, Picture, rounded
from tricknet.attacks.dream import NATURAL, Spectrum, Waves


class Pixels(Waves):
    """The same as Waves, but each number moves one pixel. A step of random signs changes a picture just as much."""

    def __init__(self, size: tuple[int, int], colours: Floats = NATURAL):
        super().__init__(size, colours)
        self.loudness = np.float32(np.fft.irfft2(self.strengths, size, axes=(0, 1)).std())

    def picture(self, spectrum: Spectrum) -> Floats:
        return np.asarray(255 * expit(self.loudness * spectrum @ self.colours.T), np.float32)

    def spectrum(self, picture: Numbers) -> Spectrum:
        primaries = logit(np.clip(picture, 1, 254) / 255) @ np.linalg.inv(self.colours).T
        return np.asarray(primaries / self.loudness, np.float32)

    def back(self, gradient: Floats, picture: Floats) -> Spectrum:
        return np.asarray(self.loudness * gradient * picture * (1 - picture / 255) @ self.colours, np.float32)


def coarse(picture: Numbers) -> Picture:
    """A picture (uint8) whose values are multiples of 8: half the bytes in a PNG."""
    return rounded(np.rint(picture / 8.0) * 8)


def in_pieces(picture: Picture, pieces: int = 4) -> Picture:
    """A picture (uint8, 224 x 224 x 3) cut into pieces x pieces squares that change places, always in the same way."""
    side = len(picture) // pieces
    squares = picture.reshape(pieces, side, pieces, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    squares = np.random.default_rng(0).permutation(squares)
    return squares.reshape(pieces, pieces, side, side, 3).swapaxes(1, 2).reshape(picture.shape)
