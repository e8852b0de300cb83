"""Lesson 13's pictures: with fewer bytes, or in pieces; and how much of a step is large."""

import numpy as np

from tricknet.arrays import Numbers, Picture, rounded


def coarse(picture: Numbers) -> Picture:
    """A picture (uint8) whose values are multiples of 8: half the bytes in a PNG."""
    return rounded(np.rint(picture / 8.0) * 8)


def in_pieces(picture: Picture, pieces: int = 4) -> Picture:
    """A picture (uint8, 224 x 224 x 3) cut into pieces x pieces squares that change places, always in the same way."""
    side = len(picture) // pieces
    squares = picture.reshape(pieces, side, pieces, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    squares = np.random.default_rng(0).permutation(squares)
    return squares.reshape(pieces, pieces, side, side, 3).swapaxes(1, 2).reshape(picture.shape)


def large_share(step: Numbers, least: float = 16) -> float:
    """The share of a step's energy (height x width x 3) in waves of at least so many pixels, beside its mean."""
    height, width, _ = step.shape
    per_pixel = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    energy = (abs(np.fft.fft2(step, axes=(0, 1))) ** 2).sum(axis=2)
    energy[0, 0] = 0
    return float(energy[per_pixel <= 1 / least].sum() / energy.sum())
