"""Lesson 8, One pixel: the checks of its exercises."""

from collections.abc import Iterable

from lessons.one_pixel.survival import moved
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, numbers, perturbation, plural, top

STRIDES, GRIDS = (3, 1, 2, 1, 2), [3, 3, 6, 6, 12]  # of the network in 8.1


@exercise(
    "8.1",
    start="The first layer's patches are 3 pixels apart. The second layer takes every one of them. How far apart, in "
    "pixels, are two of its neighbours? The third takes every second one.",
    recipe="A grid is as far apart as the one before it, times the stride: `np.cumprod([3, 1, 2, 1, 2])`. A move fits "
    "a grid if it is a multiple of that.",
)
def _(grids: object, moves: Iterable[object]) -> str:
    apart = numbers(grids, (len(GRIDS),), "The first answer").tolist()
    if apart == list(STRIDES):
        raise Hint("These are the strides, counted in positions of the layer before. How many pixels are they?")
    if apart != GRIDS:
        raise Hint(f"The first answer is {apart}. Draw 13 pixels in a row, and mark those that each layer takes.")
    if {*moves} != {12, 24}:
        raise Hint(
            "The grids are right. Does each of the five fit after each of your moves, and after no other up to 24?"
        )
    return "strides multiply: the last grid is 12 pixels apart, and a move that fits it fits all those before it"


@exercise(
    "8.2",
    start="A trick is made for a grid. What if you made it for the panda where it is after the move?",
    recipe="In the loop, `views = [moving(3)]` tricks the panda as it is seen three pixels further to the right.",
)
def _(picture: object) -> str:
    return _appears(picture, {0: "giant panda", 3: "vulture"})


@exercise(
    "8.3",
    start="The loop takes a mean over four moves. Which two should your vulture survive?",
    recipe="In the loop, `views = [moving(0), moving(2)]`.",
)
def _(picture: object) -> str:
    return _appears(picture, {0: "vulture", 2: "vulture"})


def _appears(picture: object, wanted: dict[int, str]) -> str:
    """At which moves is this panda, changed by at most 2, a vulture? wanted: what it should be at some of them."""
    after = perturbation(picture, images.load("panda"), limit=2).after
    answers = [ask(moved(after, right)) for right in range(17)]
    for right, name in wanted.items():
        if answers[right].best.name != name:
            raise Hint(
                f"Moved by {right}, the picture should be a {name}; it is {top(answers[right])}. What did the "
                "gradient see?"
            )
    vultures = plural(str(right) for right, answer in enumerate(answers) if answer.best.name == "vulture")
    return f"moved by {vultures}, and by nothing else from 0 to 16, it is a vulture, and no value moved by more than 2"
