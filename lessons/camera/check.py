"""Lesson 9, A camera: the checks of its exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lessons.camera.changes import EXAM
from tricknet import images, trick
from tricknet.arrays import Picture, rounded
from tricknet.attacks import transforms
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, perturbation, top


@exercise(
    "9.1",
    start="A trick survives what its loop picks. So pick a JPEG of a random quality, not a camera. JPEG has no slope "
    "of its own, so look in `transforms` for what lets a gradient straight through.",
    recipe="In `saved`, pick a quality from 40 to 95 with `random.integers`. Return `transforms.StraightThrough(…)` "
    "around a function that takes a picture and gives `transforms.jpeg(picture, quality)`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=4)
    for quality in (60, 45, 50):  # a loop that always picks 50 fails at another quality
        saved = ask(transforms.jpeg(moved.after, quality))
        if saved.best.name != "vulture":
            raise Hint(f"As a JPEG of quality {quality}, it is {top(saved)}. Do you pick qualities around that?")
    cropped = ask(transforms.crop(moved.after, 8))
    return (
        f"after a JPEG of quality 50 the network says {top(saved)}, and no value moved by more than {moved.largest} "
        f"out of 255; cropped by 8 pixels, which it was not made for, the same picture is {top(cropped)}"
    )


@exercise(
    "9.2",
    start="The vulture survives the cameras' mild changes. What would be worse for broad strokes than those?",
    recipe="Go further than the cameras: a strong `transforms.blur`, or a `transforms.shrink` to 80 pixels.",
)
def _(change: Callable[[Picture], object], sturdy: object) -> str:
    panda, cup = images.load("panda"), images.load("cup")
    moved, again = perturbation(sturdy, panda, limit=8), _changed(change, cup)
    untouched = [ask(_changed(change, panda)), ask(again)]
    for name, prediction in zip(("giant panda", "cup"), untouched, strict=True):
        if prediction.best.name != name:
            raise Hint(f"After your change the untouched {name} is {top(prediction)}. That is not mild: do less.")
    random = np.random.default_rng(8)
    shots = [ask(transforms.photographed(moved.after, random)).best.name for _ in range(5)].count("vulture")
    if shots < 4:
        raise Hint(f"The second answer should survive a camera, as `sturdy` does; yours survives {shots} of 5.")
    before, after = (np.abs(np.diff(picture.astype(int), axis=1)).mean() for picture in (cup, again))
    if after > 1.5 * before or any(np.array_equal(again, known(cup)) for known in EXAM.values()):
        raise Hint("The exam had that, or other noise. Find something that isn't in any table.")
    answer = ask(_changed(change, moved.after))
    if answer.best.name != "giant panda":
        raise Hint(f"The untouched panda and the cup stay what they are, but the vulture is still {top(answer)}.")
    other = ask(_changed(change, trick(network(), cup, "vulture", epsilon=8, steps=20).after))
    if other.best.name != "cup":  # a function that knows the panda by heart doesn't know this one
        raise Hint(f"Your panda is back, but a cup that I turned into a vulture is now {top(other)}, not a cup.")
    return (
        f"the vulture becomes {top(answer)} after your change, and the control holds: the untouched panda is "
        f"{top(untouched[0])}, and the cup is {top(untouched[1])}"
    )


def _changed(change: Callable[[Any], Any], picture: Picture) -> Picture:
    """What a learner's function makes of a picture. Raises Hint unless that is a picture of the same shape."""
    after = change(picture.copy())
    if np.shape(after) != picture.shape:
        raise Hint("`change` should return a picture of the shape that it is given: height x width x 3.")
    return rounded(np.asarray(after))
