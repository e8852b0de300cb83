"""Lesson 2, The black screen: the checks of its exercises."""

from functools import cache

import numpy as np

import tricknet
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, numbers, picture, top
from tricknet.networks.classifier import Classifier

PAPER_TOWEL, SPOTLIGHT = "paper towel", "spotlight"

LIMIT = 4  # pixel values: as far as exercise 2.3 lets real black move


@exercise(
    "2.1",
    start="Which one word of the lesson's loop says where the steps lead?",
    recipe="`label = labels.find('bath towel')`, and ten times `x = x + 0.1 * np.sign(compute_gradient(x, label))`, "
    "from `x = nothing`.",
)
def _(x: object) -> str:
    given = numbers(x, (224, 224, 3)).astype(np.float32)
    largest = float(np.abs(given).max())
    if largest > 1.001:
        raise Hint(f"One value has moved by {largest:.2f}: ten steps of 0.1 move none by more than 1.")
    prediction, first = _article().predict(given), _article().predict(np.zeros_like(given))
    if not given.any() or prediction.best.name == first.best.name:
        raise Hint(f"The network still says {top(prediction)}. Some classes lie further from grey: try another.")
    if prediction.best.name == PAPER_TOWEL:
        raise Hint("That is the lesson's paper towel. Choose another class.")
    return f"the network says {top(prediction)}, and no value has moved by more than {largest:.1f} out of 255"


@exercise(
    "2.2",
    start="One line of the lesson's loop changes. By what must you divide the gradient?",
    recipe="Each step is `x = x + 0.1 * gradient / np.abs(gradient).mean()`, ten times.",
)
def _(x: object) -> str:
    given = numbers(x, (224, 224, 3)).astype(np.float32)
    size = np.abs(given)
    if not given.any():
        raise Hint("Nothing has moved yet.")
    if size.mean() > 1.001:
        raise Hint(
            f"The values have moved by {size.mean():.2f} on average; ten steps of 0.1 make at most 1. How large is "
            "your gradient on average before you take 0.1 of it?"
        )
    if size.max() < 2:
        raise Hint("All values have moved about equally far, as along the signs. Step along the gradient itself.")
    prediction = _article().predict(given)
    if prediction[PAPER_TOWEL] < 0.5:
        raise Hint(f"The network gives the paper towel only {prediction[PAPER_TOWEL]:.1%}. Did you take all ten steps?")
    return (
        f"the network gives the paper towel {prediction[PAPER_TOWEL]:.1%}, and the values moved by {size.mean():.2f} "
        f"on average; but one of them moved by {size.max():.1f}, while ten steps along the sign move it by at most 1"
    )


@exercise(
    "2.3",
    start="What must you subtract before you ask for the gradient, and which way can no value of black move?",
    recipe=f"Each step is `picture = (picture + np.sign(g)).clip(0, {LIMIT})`, with "
    "`g = compute_gradient(picture - tricknet.MEAN, label)`; ten steps towards the theater curtain do it. Give "
    "`check` the picture as `uint8`.",
)
def _(given: object) -> str:
    after = picture(given)
    largest = int(after.max())
    if largest > LIMIT:
        raise Hint(f"One value is {largest}, but none may be above {LIMIT}. What keeps an array between two numbers?")
    prediction = ask(after)
    _, name, p = prediction.best
    if name == SPOTLIGHT:
        raise Hint(f"The network still says {top(prediction)}. Try a class of things that can be dark.")
    if p < 0.5:
        raise Hint(f"The network says {top(prediction)}, less than half. Take more steps, or try another class.")
    raised = int((after > 0).sum())
    return f"the network says {top(prediction)}; {raised:,} values went up, none by more than {largest}, and none down"


@cache
def _article() -> Classifier:
    """The network as the article used it, without subtracting the mean."""
    return tricknet.load("GoogLeNet", tricknet.NO_MEAN)
