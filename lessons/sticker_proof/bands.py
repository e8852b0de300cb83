"""Votes that see a few columns each, a proof that only counts them, and an attack on them: Levine and Feizi (2020).

Pictures are n x 28 x 28 x 1 (uint8). A band begins at any column and wraps round.
"""

from functools import partial

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from tricknet import Class, Classifier
from tricknet.arrays import GREY, Floats, Numbers, Picture, Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers

SIDE, CLASSES, WIDTH, PATCH, PLACES = 28, 10, 5, 3, 12


def inside(starts: npt.ArrayLike, width: int = WIDTH) -> npt.NDArray[np.bool_]:
    """Which columns each band shows (n x 1 x 28 x 1)."""
    return np.asarray((np.arange(SIDE) - np.reshape(starts, (-1, 1))) % SIDE < width)[:, None, :, None]


def seen(pictures: Pictures, starts: npt.ArrayLike, width: int = WIDTH) -> Pictures:
    """What is left of each picture in the band that begins at its column of `starts`: all else is grey."""
    return np.where(inside(starts, width), pictures, np.uint8(GREY))


def touched(left: int, side: int, width: int = WIDTH) -> Answers:
    """The bands, by where they begin, that show any of a patch's `side` columns, of which `left` is the first."""
    return np.flatnonzero(inside(range(SIDE), width)[:, 0, left : left + side].any(axis=(1, 2)))


def blank(pictures: Pictures) -> npt.NDArray[np.bool_]:
    """Which bands (n x 28) show only black."""
    return np.stack([np.all((pictures == 0) | ~inside(start), axis=(1, 2, 3)) for start in range(SIDE)], axis=1)


def vote(model: Classifier, pictures: Pictures) -> Answers:
    """The class that each band is called (n x 28)."""
    shown = [seen(pictures, start) for start in range(SIDE)]
    scores = model.activations(np.concatenate(shown), model.logits)
    return np.argmax(scores.reshape(SIDE, -1, CLASSES), axis=2).T


def count(said: Answers) -> Answers:
    """How many votes each class has (... x 10). Of equals, the lower number wins; -1 is no vote."""
    return np.sum(said[..., None] == np.arange(CLASSES), axis=-2)


def proved(votes: Answers, few: int) -> npt.NDArray[np.bool_]:
    """For which counts (n x 10) the first class stays first, even if `few` of its votes go to the strongest rival."""
    ranked = np.sort(CLASSES * votes - np.arange(CLASSES), axis=1)  # of equals, the lower number ranks higher
    return np.asarray(ranked[:, -1] - ranked[:, -2] > CLASSES * 2 * few)


def stick(model: Classifier, picture: Picture, answer: int, height: int = PATCH) -> Picture | None:
    """The picture with a patch, three columns wide, that takes its answer away, or None if none is found.

    In the twelve most promising places, and for each of the two strongest rivals, a patch climbs the summed
    log-probability of the rival in all votes that it touches: 20 steps along the gradient's sign, from 255 down.
    """
    others = np.where(np.arange(CLASSES) == answer, -1, count(vote(model, picture[None])[0]))
    for rival in np.argsort(-others, kind="stable")[:2].tolist():
        ends = _patched(model, picture, rival, height)
        if (fallen := count(vote(model, ends)).argmax(axis=1) != answer).any():
            return np.asarray(ends[fallen.argmax()])
    return None


def _patched(model: Classifier, picture: Picture, rival: int, height: int) -> Pictures:
    """The picture with a patch in each of the twelve places, each of which has climbed towards this rival."""

    def slopes(x: Numbers, starts: Answers, where: Numbers) -> Floats:
        """The slopes of what each picture's bands (n x m) say together: n x 28 x 28 x 1, and 0 except `where`."""
        views = seen(x.astype(np.uint8).repeat(starts.shape[1], axis=0), starts)
        shown = model.gradient(list(views), Class(rival)) * inside(starts)
        return np.sum(shown.reshape(*starts.shape, *picture.shape), axis=1) * where

    slope = slopes(picture[None], np.arange(SIDE)[None], np.array(1))[0]
    gain = np.maximum(slope * (255 - picture), -slope * picture)[..., 0]  # of white, or of black
    places = sliding_window_view(gain, (height, PATCH)).sum(axis=(2, 3))
    lefts = np.argsort(-places.max(axis=0))[:PLACES]  # of the best place in each column
    patch = inside(lefts, PATCH) & inside(places.argmax(axis=0)[lefts], height).swapaxes(1, 2)
    starts = np.array([touched(left, PATCH) for left in lefts])
    climb = partial(slopes, starts=starts, where=patch)
    return walk(picture[None].repeat(PLACES, 0), climb, epsilon=255, steps=20, method="sign")
