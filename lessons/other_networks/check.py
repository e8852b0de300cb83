"""Lesson 11, Other networks: the checks of its exercises."""

from collections.abc import Mapping

import numpy as np

from tricknet import Trick, images
from tricknet.attacks.result import added
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, number, perturbation, picture, plural, several, top

NAMES = ("GoogLeNet", "EfficientNet-Lite0", "SqueezeNet")


def _all_fooled(answer: object, targets: Mapping[str, str], limit: int) -> str:
    """Does each network say its own target about the answer, a panda of which no value has moved further?"""
    moved = perturbation(answer, images.load("panda"), limit=limit)
    predictions = {name: network(name).predict(moved.after) for name in targets}
    for name, prediction in predictions.items():
        if prediction.best.name != targets[name]:
            raise Hint(f"{name} says {top(prediction)}, but it should say {targets[name]}.")
    lines = [f"{name} says {top(prediction)}" for name, prediction in predictions.items()]
    return f"{plural(lines)} about one and the same file; no value moved by more than {moved.largest} out of 255"


@exercise(
    "11.1",
    start="`both` adds two gradients. May each have a target of its own?",
    recipe="`wishes = lambda shown: googlenet.gradient(shown, 'vulture') + squeezenet.gradient(shown, 'teapot')`, then "
    "`follow(wishes, epsilon=2, steps=30, size=1)[-1]`.",
)
def _(answer: object) -> str:
    return _all_fooled(answer, {"GoogLeNet": "vulture", "SqueezeNet": "teapot"}, limit=2)


@exercise(
    "11.2",
    start="Which axis of a `perturbation` are its rows? Then ask each network about the tricks and the controls.",
    recipe="`controls = [(one.before + one.perturbation[::-1]).clip(0, 255).astype(np.uint8) for one in tricks]`; what "
    "a network gets wrong is `sum(p.best.name != name for p, name in zip(network.predict(pictures), names))`.",
)
def _(tricks: object, controls: object, wrong: dict[str, object]) -> str:
    names, lines, shown = ("banana", "koala", "zebra"), [], []
    for name, one, control in zip(names, several(tricks, 3, "tricks"), several(controls, 3, "controls"), strict=True):
        if not isinstance(one, Trick) or not np.array_equal(one.before, images.load(name)):
            raise Hint(f"For the {name}, give the result of `make_less_like`, in the order of the photographs.")
        fooled = network().predict(one.after).best.name != name
        if (one.model.name, one.less_like, one.epsilon, fooled) != ("GoogLeNet", True, 8, True):
            raise Hint(f"The {name}'s trick should lead GoogLeNet away from its answer, with an epsilon of 8.")
        if not np.array_equal(picture(control), added(one.before, one.perturbation[::-1])):
            raise Hint("One of the controls isn't its upright photograph plus the perturbation upside down, clipped.")
        shown += [one.after, picture(control)]
    for judge in NAMES[1:]:
        said = network(judge).predict(shown)
        missed = [answer.best.name != name for answer, name in zip(said, np.repeat(names, 2), strict=True)]
        counts = [sum(missed[::2]), sum(missed[1::2])]
        if [number(one) for one in several(wrong.get(judge), 2, f"counts of {judge}")] != counts:
            raise Hint(f"Those aren't {judge}'s counts. Give its wrong answers to the tricks, then to the controls.")
        lines.append(f"{judge} gets {counts[0]} of 3 tricks and {counts[1]} of 3 controls wrong")
    return f"the controls have the tricks' own strokes, and {plural(lines)}"


@exercise(
    "11.3",
    start="The wobble takes away what holds for one position only. Could it take away more?",
    recipe="Give both helpers the same wobble, `diverse(random, 0.7)`, and take `steps=140` with `epsilon=12`.",
)
def _(answer: object) -> str:
    return _all_fooled(answer, dict.fromkeys(NAMES, "vulture"), limit=12)
