"""Lesson 10, Other eyes: the checks of its exercises."""

from functools import cache

import numpy as np

from tricknet import images
from tricknet.attacks.least import distance
from tricknet.attacks.queries import SearchResult
from tricknet.attacks.trick import Trick
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, perturbation, picture, plural, top
from tricknet.networks import all_networks
from tricknet.networks.classifier import Classifier, Prediction


@cache
def _network(name: str) -> Classifier:
    return all_networks()[name]()


def _ask(name: str, answer: object) -> Prediction:
    return _network(name).predict(picture(answer))


def _names() -> list[str]:
    """The networks that take the lesson's pictures. First comes GoogLeNet, for which the trick was made."""
    return sorted((n for n in all_networks() if _network(n).size == (224, 224)), key=lambda name: name != "GoogLeNet")


__all__ = ["check"]


@exercise(
    "10.1",
    start="`together` adds gradients. May each have a target of its own?",
    recipe="`wishes = [lambda x: googlenet.gradient(x, 'vulture'), lambda x: squeezenet.gradient(x, 'teapot')]`, "
    "then `walk(panda[None], together(*wishes), epsilon=2, steps=30)[0]`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=2)
    predictions = {name: _ask(name, moved.after) for name in ("GoogLeNet", "SqueezeNet")}
    for (name, prediction), target in zip(predictions.items(), ("vulture", "teapot"), strict=True):
        if prediction.best.name != target:
            raise Hint(f"{name} says {top(prediction)}. It should say {target}: which target does its gradient have?")
    both = ", and ".join(f"{name} says {top(prediction)}" for name, prediction in predictions.items())
    return f"about one and the same file {both}; no value moved by more than {moved.largest} out of 255"


@exercise(
    "10.2",
    start="A control is as large as the trick but knows nothing of the network: put the perturbation's pixels into a "
    "random order.",
    recipe="`away.perturbation.reshape(-1, 3)` has one row per pixel, and `np.random.default_rng(0).permutation` "
    "shuffles rows. Give the result the picture's shape again, add it to the banana, and "
    "`np.clip(…, 0, 255).astype(np.uint8)`.",
)
def _(result: object, control: object) -> str:
    if not isinstance(result, Trick):
        raise Hint("The first answer should be what `make_less_like` gives, a Trick.")
    trick, shuffled = perturbation(result, limit=8), picture(control, "The control")
    if not result.less_like:
        raise Hint("The trick should lead away from a class: use `make_less_like`.")
    noise = shuffled.astype(int) - trick.before
    if np.array_equal(noise, result.perturbation):
        raise Hint("The control is the trick itself: its pixels are not shuffled yet.")
    inside = (trick.before >= 8) & (trick.before <= 247)  # where nothing was clipped
    ours, theirs = np.abs(result.perturbation).mean(), np.abs(noise).mean()
    if not np.isclose(ours, theirs, rtol=0.05) or np.abs(noise).max() > np.abs(result.perturbation).max():
        raise Hint(
            f"The trick moves a value by {ours:.2f} on average and the control by {theirs:.2f}. A control has to be "
            "just as large: shuffle the perturbation, then add it."
        )
    likeness = np.corrcoef(noise[inside], result.perturbation[inside])[0, 1]
    if abs(likeness) > 0.1:
        raise Hint(f"The control still resembles the trick (correlation {likeness:.2f}). Shuffle all pixels.")
    lines = [
        f"{name} says {top(_ask(name, trick.after))} about the trick and {top(_ask(name, shuffled))} about the control"
        for name in _names()
    ]
    return f"both are as large ({ours:.2f} and {theirs:.2f} on average), and {plural(lines)}"


@exercise(
    "10.3",
    start="Which answer should the walk keep? It's the one that GoogLeNet gives about your start.",
    recipe="`start = images.load('espresso')`, then "
    "`walked = boundary(googlenet, panda, 'espresso', start=start, queries=200)`.",
)
def _(start: object, answer: object) -> str:
    begun, panda = picture(start, "The start"), images.load("panda")
    if not isinstance(answer, SearchResult):
        raise Hint(f"The second answer should be what `boundary` gives; it is {kind(answer)}.")
    if answer.queries > 200:
        raise Hint(f"This took {answer.queries} questions, but the service answers only 200.")
    if not np.array_equal(answer.before, panda):
        raise Hint("This walk leads somewhere else: the picture to walk towards is the panda.")
    before, after = (_ask("GoogLeNet", one) for one in (begun, answer.after))
    if before.best.name == "giant panda":
        raise Hint("GoogLeNet sees a giant panda in your start already. Choose a photograph of something else.")
    if after.best.index != before.best.index:
        raise Hint(f"GoogLeNet says {top(after)} at the end, and {top(before)} about your start. What was your target?")
    far, near = (distance(one, panda) / panda.size**0.5 for one in (begun, answer.after))
    if near > 0.9 * far:
        raise Hint(
            f"The start is {far:.0f} from the panda, per value, but this is still {near:.0f}: ask more questions."
        )
    return (
        f"GoogLeNet says {top(after)} after {answer.queries} questions, at {near:.0f} from the panda, per value, "
        f"where the start is at {far:.0f}"
    )
