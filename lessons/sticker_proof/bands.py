"""Votes that see a few columns each, a proof that only counts them, and an attack on them: Levine and Feizi (2020).

Pictures are n x 28 x 28 x 1 (uint8). A band begins at any column and wraps round; as wide as the picture, there is one.
"""

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from tricknet import Class, Classifier
from tricknet.arrays import GREY, Floats, Numbers, Picture, Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers

SIDE, CLASSES, WIDTH = 28, 10, 5


def inside(starts: Numbers, width: int = WIDTH) -> npt.NDArray[np.bool_]:
    """Which columns each band shows (n x 1 x 28 x 1)."""
    return ((np.arange(SIDE) - np.reshape(starts, (-1, 1))) % SIDE < width)[:, None, :, None]


def seen(pictures: Pictures, starts: Numbers, width: int = WIDTH) -> Pictures:
    """What is left of each picture in the band that begins at its column of `starts`: all else is grey."""
    return np.where(inside(starts, width), pictures, np.uint8(GREY))


def touched(left: int, side: int, width: int = WIDTH) -> Answers:
    """The bands, by where they begin, that show any of a patch's `side` columns, of which `left` is the first."""
    every = inside(np.arange(SIDE if width < SIDE else 1), width)
    return np.flatnonzero(every[:, 0, left : left + side].any(axis=(1, 2)))


def ask(model: Classifier, pictures: Pictures, width: int = WIDTH) -> Answers:
    """The class that each band is called: n x 28, or n x 1 if a band shows everything."""
    starts = range(SIDE if width < SIDE else 1)
    shown = np.concatenate([seen(pictures, start, width) for start in starts])
    return model.activations(shown, model.logits).argmax(axis=1).reshape(len(starts), -1).T


def count(said: Answers) -> Answers:
    """How many votes each class has (... x 10). Its `argmax` is the answer: of equals, the lower number wins."""
    return (said[..., None] == np.arange(CLASSES)).sum(axis=-2)


def proved(votes: Answers, few: int) -> npt.NDArray[np.bool_]:
    """For which counts (n x 10) the first class stays first, even if `few` of its votes go to the strongest rival."""
    first, classes = votes.argmax(axis=1)[:, None], np.arange(CLASSES)
    rival = np.where(classes == first, -1, votes + (classes < first)).max(axis=1)  # a lower number wins a tie
    return votes.max(axis=1) - few >= rival + few


def attack(model: Classifier, picture: Picture, answer: int, *, side: int = 3, width: int = WIDTH) -> Picture | None:
    """The picture with a square patch that takes its answer away, or None if none is found.

    In the twelve most promising places, and for each of the two strongest rivals, a patch climbs the summed
    log-probability of the rival in all votes that it touches: 20 steps along the gradient's sign, from 255 down.
    """
    every = np.arange(len(said := ask(model, picture[None], width)[0]))
    others = np.where(np.arange(CLASSES) == answer, -1, count(said))

    for rival in np.argsort(-others, kind="stable")[:2].tolist():

        def slopes(x: Numbers, bands: Answers, rival: int = rival) -> Floats:
            """Of what the votes of these bands (n x m) say about each of n pictures (n x 28 x 28 x 1)."""
            views = seen(x.astype(np.uint8).repeat(bands.shape[1], axis=0), bands, width)
            shown = model.gradient(list(views), Class(rival)) * inside(bands, width)
            return shown.reshape(*bands.shape, *x.shape[1:]).sum(axis=1)

        slope = slopes(picture[None], every[None])[0, ..., 0]
        gain = np.maximum(slope * (255 - picture[..., 0]), -slope * picture[..., 0])  # of white, and of black
        places = sliding_window_view(gain, (side, side)).sum(axis=(2, 3))
        lefts = np.argsort(-places.max(axis=0))[:12]  # of the best place in each column
        patches = np.zeros((len(lefts), *picture.shape), np.float32)
        for patch, left, top in zip(patches, lefts, places.argmax(axis=0)[lefts], strict=True):
            patch[top : top + side, left : left + side] = 1
        bands = np.array([touched(left, side, width) for left in lefts])
        climb = lambda x: slopes(x, bands) * patches  # noqa: E731
        ends = walk(picture[None].repeat(len(lefts), 0), climb, epsilon=255, steps=20, method="sign")
        if (fallen := count(ask(model, ends, width)).argmax(axis=1) != answer).any():
            return ends[fallen.argmax()]
    return None
