"""Lesson 2, The black screen: the checks of its exercises."""

from functools import cache

import numpy as np

import tricknet
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import kind, number, top
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Probability

PAPER_TOWEL = "paper towel"


@exercise(
    "2.1",
    start="Choose a class, take ten steps of 0.1 from `nothing` as in the lesson, and give `check` the last `x`.",
)
def _(x: object) -> str:
    given = _input(x)
    largest = float(np.abs(given).max())
    if largest > 1.001:
        raise Hint(f"One value has moved by {largest:.2f}: ten steps of 0.1 move none by more than 1.")
    said, first = _ask(given), _ask(np.zeros_like(given))
    if not given.any() or said.top(1)[0][1] == first.top(1)[0][1]:
        raise Hint(
            f"The network still says {top(said)}. Some classes lie further from grey than others: try the bath towel."
        )
    if said.top(1)[0][1] == PAPER_TOWEL:
        raise Hint("That is the lesson's paper towel. Choose another class.")
    return f"the network says {top(said)}, and no value has moved by more than {largest:.1f} out of 255"


@exercise(
    "2.2",
    start="Replace `np.sign(gradient)` by `gradient / np.abs(gradient).mean()` in the lesson's loop, "
    "and give `check` the last `x`.",
)
def _(x: object) -> str:
    given = _input(x)
    size = np.abs(given)
    if not given.any():
        raise Hint("Nothing has moved yet.")
    if size.mean() > 1.001:
        raise Hint(f"The values have moved by {size.mean():.2f} on average; ten steps of 0.1 make at most 1.")
    if size.max() < 2:
        raise Hint("All values have moved about as far as each other, as signs do. Step along the gradient itself.")
    said = _ask(given)
    if said[PAPER_TOWEL] < 0.5:
        raise Hint(f"The network says paper towel with {said[PAPER_TOWEL]:.1%} only. Did you take all ten steps?")
    return (
        f"the network says paper towel with {said[PAPER_TOWEL]:.1%}, and the values moved by {size.mean():.2f} on "
        f"average; but one of them moved by {size.max():.1f}, where ten steps along the sign move it by 1 at most"
    )


@exercise(
    "2.3",
    start="Give `check` three things: the picture that you started from, and for a step of 0.01 along the sign of the "
    "gradient there the predicted change of the probability, and the measured one.",
)
def _(start: object, predicted: object, measured: object) -> str:
    given = _input(start)
    guess, found = number(predicted, "The prediction"), number(measured, "The measured change")
    if len(np.unique(given)) < 100:
        raise Hint("This picture is even, and full of ties. Start from one with noise.")
    picture = _picture(given)
    gradient = _article().gradient(picture, Probability(PAPER_TOWEL))
    before, after = _article().predict_all(np.stack([picture, picture + 0.01 * np.sign(gradient)]))
    for value, truth, what in (
        (guess, 0.01 * float(np.abs(gradient).sum()), "predicted"),
        (found, after[PAPER_TOWEL] - before[PAPER_TOWEL], "measured"),
    ):
        if abs(value - truth) > 0.1 * abs(truth):
            raise Hint(f"The {what} change is {truth:+.5f} at this start, and you gave {value:+.5f}.")
    return f"you measured {found / guess:.0%} of the change that was predicted, and in the same direction"


@cache
def _article() -> Classifier:
    """The network as the article used it, without subtracting the mean."""
    return tricknet.default_model(tricknet.NO_MEAN)


def _ask(x: np.ndarray) -> Prediction:
    """What it says about an input in Caffe's order: 3 x 224 x 224, blue first."""
    return _article().predict(_picture(x))


def _picture(x: np.ndarray) -> np.ndarray:
    """Caffe's order turned into a picture's: float32, 224 x 224 x 3, red first."""
    return np.ascontiguousarray(x.transpose(1, 2, 0)[..., ::-1], dtype=np.float32)


def _input(x: object) -> np.ndarray:
    """The answer as an input in Caffe's order. Raises Hint where it is none."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise Hint(f"The answer should be an array of fractions like `nothing`; it is {kind(x)}.")
    if x.shape != (3, 224, 224):
        raise Hint(f"The answer should have the shape (3, 224, 224), as `nothing` has; it has {x.shape}.")
    if not np.isfinite(x).all():
        raise Hint("The answer holds values that are not finite numbers.")
    return x
