"""Lesson 9, Other eyes: the checks of its exercises."""

from functools import cache

import numpy as np

import tricknet
from tricknet import images
from tricknet.check import Hint, exercise
from tricknet.check.measure import number, perturbation, picture, top
from tricknet.evidence import mcnemar, table
from tricknet.model import Classifier, Prediction
from tricknet.trick import Trick


@cache
def _network(name: str) -> Classifier:
    return {"GoogLeNet": tricknet.GoogLeNet, "SqueezeNet": tricknet.SqueezeNet}[name]()


def _ask(name: str, shown: object) -> Prediction:
    said = _network(name).predict(picture(shown))
    assert isinstance(said, Prediction)
    return said


@exercise(
    "9.1",
    start="Add the two gradients as `of_both` does, each network with its own target, and `walk` with `epsilon=2`.",
)
def _(answer: object) -> str:
    change = perturbation(answer, images.load("panda"), limit=2)
    said = {name: _ask(name, change.after) for name in ("GoogLeNet", "SqueezeNet")}
    for (name, prediction), wanted in zip(said.items(), ("vulture", "teapot"), strict=True):
        if prediction.top(1)[0][1] != wanted:
            raise Hint(f"{name} says {top(prediction)}. It should say {wanted}: which target does its gradient have?")
    both = ", and ".join(f"{name} says {top(prediction)}" for name, prediction in said.items())
    return f"about one and the same file {both}; no value moved by more than {change.largest} out of 255"


@exercise(
    "9.2",
    start="`change.reshape(-1, 3)` has one row per pixel, and `np.random.default_rng(0).permutation` puts rows into a "
    "random order. Add the result to the panda, clip to 0..255 and make it uint8.",
)
def _(result: object, control: object) -> str:
    if not isinstance(result, Trick):
        raise Hint("The first answer should be what `make_less_like` gives, a Trick.")
    trick, shuffled = perturbation(result, limit=8), picture(control, "The control")
    if not result.less_like:
        raise Hint("The trick should lead away from the giant panda: use `make_less_like`.")
    noise = shuffled.astype(int) - trick.before
    if np.array_equal(noise, result.change):
        raise Hint("The control is the trick itself: its pixels are not shuffled yet.")
    inside = (trick.before >= 8) & (trick.before <= 247)  # where nothing was clipped
    ours, theirs = np.abs(result.change).mean(), np.abs(noise).mean()
    if not np.isclose(ours, theirs, rtol=0.05) or np.abs(noise).max() > np.abs(result.change).max():
        raise Hint(
            f"The trick moves a value by {ours:.2f} on average and the control by {theirs:.2f}. A control has to be "
            "just as large: shuffle the perturbation, then add it."
        )
    likeness = np.corrcoef(noise[inside], result.change[inside])[0, 1]
    if abs(likeness) > 0.1:
        raise Hint(f"The control still resembles the trick (correlation {likeness:.2f}). Shuffle all pixels.")
    lines = [
        f"{name} says {top(_ask(name, trick.after))} about the trick and {top(_ask(name, shuffled))} about the control"
        for name in ("GoogLeNet", "SqueezeNet")
    ]
    return f"both are as large ({ours:.2f} and {theirs:.2f} on average), and {', while '.join(lines)}"


@exercise(
    "9.3",
    start="Use `fooled('GoogLeNet', judge, 'away', 'coins', 16)` for each judge, and `mcnemar`.",
)
def _(answer: object) -> str:
    if not isinstance(answer, dict) or set(answer) != {"GoogLeNet", "SqueezeNet", "p"}:
        raise Hint('The answer should be a dictionary: `{"GoogLeNet": k, "SqueezeNet": k, "p": p}`.')
    rows = [
        row for row in table("transfer") if (row["maker"], row["how"], row["epsilon"]) == ("GoogLeNet", "coins", 16)
    ]
    wrong = {
        judge: [row["sees"] != row["right"] for row in rows if row["judge"] == judge]
        for judge in ("GoogLeNet", "SqueezeNet")
    }
    for judge, found in wrong.items():
        if number(answer[judge]) != sum(found):
            raise Hint(f"{judge} does not get {answer[judge]} of them wrong. Are they the coin tosses at epsilon 16?")
    p = mcnemar(wrong["GoogLeNet"], wrong["SqueezeNet"])
    if not np.isclose(number(answer["p"]), p, rtol=0.01):
        raise Hint("The counts are right, the p-value is not. Give `mcnemar` the two arrays, not the two counts.")
    k, n = {judge: sum(found) for judge, found in wrong.items()}, len(wrong["GoogLeNet"])
    meaning = "these photographs do not support the claim" if p < 0.05 else "these photographs cannot tell them apart"
    return (
        f"coin tosses fool GoogLeNet in {k['GoogLeNet']} and SqueezeNet in {k['SqueezeNet']} of {n} cases, p = {p:.1g}"
        f": {meaning}"
    )
