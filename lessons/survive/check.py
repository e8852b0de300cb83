"""Lesson 8, Does it survive?: the checks of its exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tricknet import images
from tricknet.arrays import Picture, rounded
from tricknet.attacks import transforms
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import ask, kind, perturbation, top

__all__ = ["check"]


@exercise(
    "8.1",
    start="Cameras helped against a camera, so what would help against JPEG? At each step, draw a JPEG of a random "
    "quality. It has no slope of its own, so look for what lets a gradient straight through.",
    recipe="Write `def draw(random): …` that returns `transforms.StraightThrough(…)` around `transforms.jpeg` with a "
    "random quality from 40 to 95. Then `walk(panda[None], averaged(model, ['vulture'], draw=draw), epsilon=4)[0]`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=4)
    saved = ask(transforms.jpeg(moved.after, 50))
    if saved.best.name != "vulture":
        raise Hint(
            f"Saved as a JPEG of quality 50, it is {top(saved)}. Are qualities as low as 50 among those that you draw?"
        )
    cropped = ask(transforms.crop(moved.after, 8))
    return (
        f"after a JPEG of quality 50 the network says {top(saved)}, and no value moved by more than {moved.largest} "
        f"out of 255; cropped by 8 pixels, which it was not made for, the same picture is {top(cropped)}"
    )


@exercise(
    "8.2",
    start="Begin with `__call__`: a picture of zeros, with most of the old columns copied into it, further right. Then "
    "ask of each value of the old picture where it went: that is where its slope comes from.",
    recipe="In `__call__`, make zeros of the picture's shape, and copy `picture[:, :-self.pixels]` into "
    "`moved[:, self.pixels:]`. In `back`, do the same with the two sides exchanged.",
)
def _(shift: object) -> str:
    if not isinstance(shift, type):
        raise Hint(f"Give `check` the class itself, `Shift`, and not {kind(shift)}.")
    random = np.random.default_rng(0)
    x, g = random.random((2, 224, 224, 3))
    for pixels in (1, 20):
        transform = shift(pixels)
        moved, back = transform(x.copy()), transform.back(g.copy())
        if moved is None or back is None or np.shape(moved) != x.shape or np.shape(back) != x.shape:
            raise Hint("Both methods should return an array of the shape that they are given.")
        if not np.array_equal(moved[:, pixels:], x[:, :-pixels]) or np.any(moved[:, :pixels]):
            raise Hint(f"Shift({pixels}) should put column 0 into column {pixels}, and zeros to the left of it.")
        forwards, backwards = float((moved * g).sum()), float((x * back).sum())
        if not np.isclose(forwards, backwards, rtol=1e-6):
            raise Hint(
                f"For random x and g, <shift(x), g> is {forwards:.1f} and <x, back(g)> is {backwards:.1f}, but they "
                "should be the same. The columns that fell off at the right had no effect, so what is their slope?"
            )
    lost = np.abs(transform.back(transform(x)) - x).max(axis=(0, 2)) > 0
    return (
        f"<shift(x), g> = <x, back(g)> = {forwards:.1f}. It does not undo the shift: there and back, {lost.sum()} "
        f"columns are lost with Shift({pixels})"
    )


@exercise(
    "8.3",
    start="One of the fourteen small pandas in the lesson has a broken frame. What happened to it? And what would be "
    "worse for broad strokes than what the cameras did?",
    recipe="Try the changes in `unseen.UNSEEN` on `sturdy` for ideas, then go further: a larger angle, a stronger "
    "`transforms.blur`, a smaller `transforms.shrink`, or two of them in a row.",
)
def _(change: object, sturdy: object) -> str:
    if not callable(change):
        raise Hint(f"Give `check` the function itself, `change`, and not {kind(change)}.")
    panda = images.load("panda")
    moved = perturbation(sturdy, panda, limit=8)
    before = ask(moved.after)
    if before.best.name != "vulture":
        raise Hint(f"The second answer should be a vulture to begin with, such as `sturdy`; yours is {top(before)}.")
    untouched = [ask(_changed(change, picture)) for picture in (panda, images.load("cup"))]
    for name, prediction in zip(("giant panda", "cup"), untouched, strict=True):
        if prediction.best.name != name:
            raise Hint(f"After your change the untouched {name} is {top(prediction)}. That is not mild: do less.")
    after = ask(_changed(change, moved.after))
    if after.best.name != "giant panda":
        raise Hint(f"The untouched panda and the cup stay what they are, but the vulture is still {top(after)}.")
    return (
        f"the vulture becomes {top(after)} after your change, and the control holds: the untouched panda is "
        f"{top(untouched[0])}, and the cup is {top(untouched[1])}"
    )


def _changed(change: Callable[[Any], Any], picture: Picture) -> Picture:
    """What a learner's function makes of a picture. Raises Hint unless that is a picture of the same shape."""
    after = change(picture.copy())
    if after is None or after is ... or np.shape(after) != picture.shape:
        raise Hint("`change` should return a picture of the shape that it is given: height x width x 3.")
    return rounded(np.asarray(after))
