"""Lesson 15's question, can a trick be seen? Walks of equal length on any network."""

from collections.abc import Sequence

import numpy as np

from tricknet.arrays import Floats, Numbers, Pictures, rounded
from tricknet.attacks.steps import climb
from tricknet.networks.classifier import Classifier, NoGradientError, Prediction
from tricknet.networks.objectives import Goal, Margin, Target
from tricknet.progress import bar

LENGTH = 2040  # in pixel values (L2): 8 where black is 0 and white is 1
REACH = 12  # a step is so many times longer than what a walk may grow by, so that it can also turn
SETTLED = 8  # rounds: clipping shortens a change, and lengthening it clips more of it


def of_equal_length(
    model: Classifier, pictures: Pictures, classes: Sequence[Target], *, length: float = LENGTH, steps: int = 60
) -> Pictures:
    """From each picture towards its class, along the gradient of the margin. After step t of `steps` the change is
    t / steps of `length` long (L2, in pixel values), so walks on different networks are equally long at every step.

    pictures: uint8, n x height x width x channels. Returns all steps, the start first: uint8, (steps + 1) x n x ...
    """
    towards: list[Goal] = [Margin(name) for name in classes]
    start = pictures.astype(np.float32)

    def look(change: Floats) -> tuple[None, Floats]:
        return None, answers_and_slopes(model, rounded(start + change), towards)[1]

    def further(change: Floats, slope: Floats, taken: int) -> Floats:
        change = change + REACH * length / steps * slope / lengths(slope)
        for _ in range(SETTLED):  # the change at this length, with every value inside 0..255
            longer = change * (length * (taken + 1) / steps / lengths(change))
            change = np.clip(start + longer, 0, 255) - start
        return change

    moments = climb(np.zeros_like(start), look, further, steps=steps)
    return np.stack([rounded(start + change) for change, _ in bar(moments, total=steps + 1, desc="steps")])


def answers_and_slopes(
    model: Classifier, pictures: Pictures, objectives: list[Goal]
) -> tuple[list[Prediction], Floats]:
    """Predictions and gradients for a batch. A gradient is zero where nothing excites a badly trained network."""
    try:
        return model.predict_and_gradient(list(pictures), objectives)
    except NoGradientError:  # of at least one picture: halve the batch until it is alone
        if len(pictures) == 1:
            return model.predict(list(pictures)), np.zeros(pictures.shape, np.float32)
    half = len(pictures) // 2
    parts = [answers_and_slopes(model, pictures[some], objectives[some]) for some in (slice(half), slice(half, None))]
    return parts[0][0] + parts[1][0], np.concatenate([slopes for _, slopes in parts])


def lengths(arrays: Numbers) -> Floats:
    """The length of each array of a batch (L2), so that they can be divided by it."""
    each = np.sqrt((arrays**2).sum(axis=tuple(range(1, arrays.ndim)), keepdims=True))
    return np.maximum(each, np.finfo(np.float32).tiny)
