"""Lesson 11, Other networks: the checks of its exercises."""

import numpy as np

from tricknet import Trick, images
from tricknet.attacks.result import added
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, perturbation, picture, plural, top

NAMES = ("GoogLeNet", "EfficientNet-Lite0", "SqueezeNet")


@exercise(
    "11.1",
    start="`both` adds two gradients. May each have a target of its own?",
    recipe="`wishes = lambda shown: googlenet.gradient(shown, 'vulture') + squeezenet.gradient(shown, 'teapot')`, then "
    "`follow(wishes, epsilon=2, steps=30, size=1)[-1]`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=2)
    predictions = {name: network(name).predict(moved.after) for name in ("GoogLeNet", "SqueezeNet")}
    for (name, prediction), target in zip(predictions.items(), ("vulture", "teapot"), strict=True):
        if prediction.best.name != target:
            raise Hint(f"{name} says {top(prediction)}. It should say {target}: which target does its gradient have?")
    both = ", and ".join(f"{name} says {top(prediction)}" for name, prediction in predictions.items())
    return f"{both} about one and the same file; no value moved by more than {moved.largest} out of 255"


@exercise(
    "11.2",
    start="Which axis of `away.perturbation` are its rows? And what may no value of a picture be?",
    recipe="`control = (banana + away.perturbation[::-1]).clip(0, 255).astype(np.uint8)`.",
)
def _(result: Trick, control: object) -> str:
    trick, turned = perturbation(result, limit=8), picture(control, "The control")
    if (trick.before != images.load("banana")).any() or result.model.name != "GoogLeNet" or not result.less_like:
        raise Hint("The first answer should be `away`, which leads GoogLeNet's banana away from its class.")
    if not result.fooled:
        raise Hint(f"GoogLeNet still says {top(result.prediction_after)}. A control needs a trick that works.")
    if np.array_equal(turned, trick.after):
        raise Hint("The control is the trick itself: its perturbation is not upside down yet.")
    if np.array_equal(turned, trick.after[::-1]):
        raise Hint("Here the banana is upside down, too. Turn the perturbation alone, then add it to the banana.")
    if not np.array_equal(turned, added(trick.before, result.perturbation[::-1])):
        raise Hint("That isn't the banana plus the perturbation upside down, clipped. (In uint8, 250 + 10 is 4.)")
    predictions = {name: network(name).predict([trick.after, turned]) for name in NAMES}
    lines = [f"{name} calls the trick {top(a)} and the control {top(b)}" for name, (a, b) in predictions.items()]
    return f"they have the same strokes, and {plural(lines)}"


@exercise(
    "11.3",
    start="The wobble takes away what holds for one position only. Could it take away more?",
    recipe="Shrink it further, by `diverse(random, 0.7)`, and take more steps: `follow(..., epsilon=12, steps=140)`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=12)
    predictions = {name: network(name).predict(moved.after) for name in NAMES}
    for name, prediction in predictions.items():
        if prediction.best.name != "vulture":
            raise Hint(f"{name} says {top(prediction)}. All three networks should say vulture.")
    lines = [f"{name} says {top(prediction)}" for name, prediction in predictions.items()]
    return f"{plural(lines)}, and no value moved by more than {moved.largest} out of 255"
