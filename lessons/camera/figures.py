"""Lesson 9's figures: a picture after changes, and what was added to a panda's leg."""

from collections.abc import Mapping, Sequence

from tricknet.arrays import Numbers, Picture
from tricknet.networks.classifier import Prediction
from tricknet.plots.pictures import in_frame, signed
from tricknet.plots.sheet import Sheet, lay

LEG = slice(124, 212), slice(116, 204)  # rows and columns of the panda's leg


def grain(perturbation: Numbers, scale: float) -> Picture:
    """The leg of a perturbation (height x width x 3), as the mean of its colours: white is +scale, black -scale."""
    return signed(perturbation.mean(axis=2)[LEG], scale) // 16 * 17  # 16 greys take half the bytes


def framed(
    pictures: Mapping[str, Picture],
    predictions: Sequence[Prediction],
    *,
    target: str,
    columns: int,
    notes: Sequence[str] = (),
) -> Sheet:
    """Small pictures in frames: whole and green where the first answer is the target, otherwise broken.

    pictures: each after the change that it is named after. They are scaled, so they claim nothing about their pixels.
    notes: a line for each, or none.
    """
    names = [prediction.best.name for prediction in predictions]
    words = [f"{change}\n{name}" for change, name in zip(pictures, names, strict=True)]
    words = [f"{word}\n{note}" for word, note in zip(words, notes, strict=True)] if notes else words
    small = [in_frame(picture, name == target) for picture, name in zip(pictures.values(), names, strict=True)]
    paper, boxes = lay(small, words, columns=columns, gap=12)
    alt = "; ".join(line.replace("\n", ", ") for line in words)
    return Sheet([paper], [boxes], f"The panda after {len(names)} changes: {alt}.")
