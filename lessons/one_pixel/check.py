"""Lesson 8, One pixel: the checks of its exercises."""

from lessons.one_pixel.survival import moved
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, perturbation, top


@exercise(
    "8.1",
    start="The loop takes a mean over whatever you draw, and `moving(2)` can be drawn, too: it has its own way back. "
    "Which two moves should the vulture survive?",
    recipe="The loop draws twice a step, so give it `moving(0)` and `moving(2)` in turn: `import itertools`, then "
    "`both = itertools.cycle([moving(0), moving(2)])`, and give `grow` the function `lambda: next(both)`.",
)
def _(answer: object) -> str:
    picture = perturbation(answer, images.load("panda"), limit=2).after
    unmoved, one, two, eight = (ask(moved(picture, right)) for right in (0, 1, 2, 8))
    for where, prediction in {"Where it is, the picture": unmoved, "Two pixels further, the picture": two}.items():
        if prediction.best.name != "vulture":
            raise Hint(f"{where} is {top(prediction)}. Is that move among those that you draw?")
    return (
        f"moved by 0 and by 2 the network says {top(unmoved)} and {top(two)}, and no value has changed by more than 2 "
        f"out of 255; moved by 1 the same picture is {top(one)}, and moved by 8, {top(eight)}"
    )
