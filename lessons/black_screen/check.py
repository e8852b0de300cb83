"""Lesson 2, The black screen: the checks of its exercises."""

from functools import cache

import numpy as np

import tricknet
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, label, network, numbers, picture, several, top
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Probability

PAPER_TOWEL, SPOTLIGHT, CURTAIN = "paper towel", "spotlight", "shower curtain"
SHAPE = (224, 224, 3)
LIMIT = 4  # pixel values: as far as exercise 2.3 lets real black move


@exercise(
    "2.1",
    start="Which one word of the lesson's loop says where the steps lead?",
    recipe="`label = labels.find('bath towel')`, and ten times `x = x + 0.1 * np.sign(compute_gradient(x, label))`, "
    "from `x = nothing`.",
)
def _(name: object, x: object) -> str:
    given, chosen = numbers(x, SHAPE).astype(np.float32), network().labels[label(name)]
    largest = float(np.abs(given).max())
    if largest > 1.001:
        raise Hint(f"One value has moved by {largest:.2f}: ten steps of 0.1 can't move any by more than 1.")
    if chosen in (PAPER_TOWEL, _article().predict(np.zeros_like(given)).best.name):
        raise Hint(f"The lesson has already had the {chosen}. Choose another class.")
    prediction = _article().predict(given)
    if prediction.best.name != chosen:
        raise Hint(f"The network still says {top(prediction)}. Some classes lie further from grey: try another.")
    words = f"the network says {top(prediction)}, no value has moved by more than {largest:.1f} out of 255, and the "
    coins = "; no gradient needed: coins for squares of 16 × 16 do it, too" * (chosen == CURTAIN)
    return f"{words}opposite moves give it {_article().predict(-given)[chosen]:.1%}{coins}"


@exercise(
    "2.2",
    start="One line of the lesson's loop changes. By what must you divide the gradient?",
    recipe="Each step is `x = x + 0.1 * gradient / np.abs(gradient).mean()`, ten times. Append each `x` to a list that "
    "begins with `nothing`.",
)
def _(inputs: object) -> str:
    walk = [numbers(x, SHAPE, "Each input") for x in several(inputs, 11, "inputs, from nothing to the last `x`")]
    sizes = np.abs(np.diff(walk, axis=0)).reshape(10, -1)
    if walk[0].any():
        raise Hint("The first of the inputs should be nothing.")
    if abs(off := max(sizes.mean(axis=1) - 0.1, key=abs)) > 0.001:
        raise Hint(f"One step moves the values by {0.1 + off:.3g} on average. How large is your gradient on average?")
    if sizes.max(axis=1).min() < 0.2:
        raise Hint("All values move about equally far, as they do along the signs. Step along the gradient itself.")
    gradients = [_article().gradient(x.astype(np.float32), Probability(PAPER_TOWEL)) for x in walk[:10]]
    for n, (slopes, moves) in enumerate(zip(gradients, np.diff(walk, axis=0), strict=True), 1):
        if np.corrcoef(slopes.ravel(), moves.ravel())[0, 1] < 0.9:
            raise Hint(f"Step {n} doesn't follow the gradient. Where do you ask for it, and for which class?")
    p, largest = _article().predict(walk[10].astype(np.float32))[PAPER_TOWEL], np.abs(walk[10]).max()
    return f"your steps take the paper towel to {p:.1%}; but one value moved by {largest:.1f}, not 1 at most"


@exercise(
    "2.3",
    start="What must you subtract before you ask for the gradient, and which way can't a black value move?",
    recipe=f"Each step is `picture = (picture + np.sign(g)).clip(0, {LIMIT})`, with "
    "`g = compute_gradient(picture - tricknet.MEAN, label)`; ten steps towards the nematode do it. Give `check` "
    "the picture as `uint8`.",
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
    return f"the network says {top(prediction)}; {(after > 0).sum():,} values went up, none by more than {largest}"


@cache
def _article() -> Classifier:
    """The network as the article used it, without subtracting the mean."""
    return tricknet.load("GoogLeNet", tricknet.NO_MEAN)
