"""Lesson 8, One pixel: the checks of its exercises."""

from tricknet import images
from tricknet.attacks.transforms import move
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, perturbation, plural, top


@exercise(
    "8.1",
    start="A trick is made for a grid. What if you made it for the panda where it is after the move?",
    recipe="In the loop, `views = [moving(3)]` tricks the panda as it is seen three pixels further to the right.",
)
def _(picture: object) -> str:
    return _appears(picture, {0: "giant panda", 3: "vulture"})


@exercise(
    "8.2",
    start="The loop takes a mean over four moves to the right. Which two moves should your vulture survive?",
    recipe="In the loop, `views = [moving(0), moving(0, 2)]`.",
)
def _(picture: object) -> str:
    return _appears(picture, {0: "vulture", 2: "vulture"}, down=True)


def _appears(picture: object, wanted: dict[int, str], *, down: bool = False) -> str:
    """At which moves is this panda, changed by at most 2, a vulture? wanted: what it should be at some of them."""
    after, way = perturbation(picture, images.load("panda"), limit=2).after, "down" if down else "to the right"
    answers = [ask(move(after, 0, k) if down else move(after, k)) for k in range(17)]
    for k, name in wanted.items():
        if answers[k].best.name != name:
            raise Hint(f"Moved {way} by {k} it is {top(answers[k])}, not {name}. For which moves did you make it?")
    vultures = plural(str(k) for k, answer in enumerate(answers) if answer.best.name == "vulture")
    return f"of all moves {way} by 0 to 16, it is a vulture at {vultures}, and no value has changed by more than 2"
