"""Votes that see a few columns each, a proof that only counts them, and an attack on them: Levine and Feizi (2020).

Pictures are n x 28 x 28 x 1 (uint8). A band begins at any of the 28 columns and wraps round; as wide as the picture,
it is all there is to see, and the one vote is the bare network's.
"""

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from tricknet import Classifier, Logit
from tricknet.arrays import GREY, Numbers, Picture, Pictures
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
    return np.unique(np.arange(left - width + 1, left + side) % SIDE) if width < SIDE else np.array([0])


def ask(model: Classifier, pictures: Pictures, width: int = WIDTH) -> Answers:
    """The class that each band is called: n x 28, or n x 1 if a band shows everything."""
    starts = np.arange(SIDE if width < SIDE else 1)
    shown = np.concatenate([seen(pictures, start, width) for start in starts])
    return model.activations(shown, model.logits).argmax(axis=1).reshape(len(starts), -1).T


def count(said: Answers) -> Answers:
    """How many votes each class has (... x 10). Its `argmax` is the answer: of equals, the lower number wins."""
    return (said[..., None] == np.arange(CLASSES)).sum(axis=-2)


def proved(votes: Answers, few: int) -> npt.NDArray[np.bool_]:
    """For which counts (n x 10) the answer stays, whatever `few` of the votes turn into: at worst, all go to one rival.

    The first class loses them and its rival gains them. A rival with a lower number wins a tie, so it needs one less.
    """
    first, classes = votes.argmax(axis=1)[:, None], np.arange(CLASSES)
    rival = np.where(classes == first, -1, votes + (classes < first)).max(axis=1)
    return votes.max(axis=1) - few >= rival + few


def attack(model: Classifier, picture: Picture, answer: int, *, side: int = 3, width: int = WIDTH) -> Picture | None:
    """The picture with a square patch that takes its answer away, or None if none is found.

    From the twelve most promising columns, and towards either of the two strongest rivals, a patch climbs the rival's
    lead in all votes that it touches and hasn't won yet: 20 steps of the gradient's sign, from 128 down.
    """
    said = ask(model, picture[None], width)[0]
    starts, others = np.arange(len(said)), np.where(np.arange(CLASSES) == answer, -1, count(said))
    for rival in np.argsort(-others, kind="stable")[:2]:
        aim = Logit(int(rival)) - Logit(answer)
        slope = (model.gradient(list(seen(picture[None], starts, width)), aim) * inside(starts, width)).sum(axis=0)
        best = np.where(slope > 0, np.uint8(255), np.uint8(0))
        gain = sliding_window_view((slope * (best - picture.astype(float)))[..., 0], (side, side)).sum(axis=(2, 3))
        lefts = np.argsort(-gain.max(axis=0))[:12]
        patch = np.zeros((len(lefts), *picture.shape), bool)
        for mask, left in zip(patch, lefts, strict=True):
            mask[(top := gain[:, left].argmax()) : top + side, left : left + side] = True
        bands = np.array([touched(left, side, width) for left in lefts])
        x = np.where(patch, best, picture).astype(np.float32)
        for step in range(20):
            shown = np.rint(x).astype(np.uint8)
            views = seen(np.repeat(shown, bands.shape[1], axis=0), bands.ravel(), width)
            predictions, gradient = model.predict_and_gradient(list(views), aim)
            now = np.array([prediction.best.index for prediction in predictions]).reshape(bands.shape)
            after = np.tile(said, (len(lefts), 1))
            np.put_along_axis(after, bands, now, axis=1)
            fallen = count(after).argmax(axis=1) != answer
            if fallen.any():
                return shown[fallen.argmax()]
            push = (gradient * inside(bands.ravel(), width)).reshape(*bands.shape, *picture.shape)
            push = (push * (now != rival)[..., None, None, None]).sum(axis=1)
            x = (x + 128 * (1 - step / 20) * np.sign(push) * patch).clip(0, 255)
    return None
