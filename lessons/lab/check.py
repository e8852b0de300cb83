"""Lesson 7, The lab: the checks of its exercises. `lab.trick`, the lab's last run, is an answer like any other."""

import numpy as np

from tricknet.attacks.trick import Trick
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import ask, network, perturbation, top, trick_result

__all__ = ["check"]


@exercise(
    "7.1",
    start="Choose the panda and an epsilon of 1 in the lab, and try some goals. Give `check` one run that reached its "
    "goal and one that didn't.",
    recipe="Choose the goal lesser panda, an epsilon of 1 and 30 steps. After the run, set `reached = lab.trick`. Then "
    "choose the goal teapot, and set `missed = lab.trick`.",
)
def _(reached: object, missed: object) -> str:
    for answer, arrives in ((reached, True), (missed, False)):
        what = "The first result" if arrives else "The second result"
        result = trick_result(answer, what)
        if result.less_like:
            raise Hint(f"{what} only moves away from a class. Choose one to move towards.")
        if not (came_from := top(ask(result.before))).startswith("giant panda"):
            raise Hint(f"{what} started from a picture of {came_from}: start from the panda.")
        if "giant panda" in goal(result):
            raise Hint(f"{what} has the giant panda as its goal, but the panda is one already. Choose another goal.")
        said = top(ask(perturbation(result, limit=1).after))
        if is_target(result) != arrives:
            raise Hint(f"{what} should {'' if arrives else 'not '}reach its goal, but its picture is now {said}.")
    first, second = trick_result(reached), trick_result(missed)
    steps = len(second.frames) - 1
    if steps < 30:
        raise Hint(f"The second result took only {steps} steps. Give it 30 before you call its goal out of reach.")
    return (
        f"the panda became {top(ask(first.after))}, and on its way to {goal(second)} it got no further than "
        f"{top(ask(second.after))} in {steps} steps, which shows how far this method gets, but not that no other would "
        "get further"
    )


@exercise(
    "7.2",
    start="After the first run set `there = lab.trick`, and save the picture. Where does the second run start?",
    recipe="After the first run, click *Save as PNG* and choose the new picture from the list. Its goal is the "
    "class that the first run began with. Then set `back = lab.trick` and `same = np.array_equal(there.before, "
    "back.after)`.",
)
def _(there: object, back: object, same: object) -> str:
    first, second = trick_result(there, "The first answer"), trick_result(back, "The second answer")
    perturbation(first)
    perturbation(second)
    if not np.array_equal(first.after, second.before):
        raise Hint("The second run should start from the picture that the first one ended with.")
    was, between, now = (ask(picture) for picture in (first.before, first.after, second.after))
    if between.best.index == was.best.index:
        raise Hint(f"After the first run the network still says {top(between)}. Choose a different goal or more steps.")
    if now.best.index != was.best.index:
        raise Hint(f"At first the network said {top(was)}, but now it says {top(now)}. Turn it back into that class.")
    if not isinstance(same, (bool, np.bool_)):
        raise Hint("The third answer should be True or False.")
    away = np.abs(second.after.astype(int) - first.before)
    if bool(same) != (away.max() == 0):
        raise Hint("Compare the two pictures, `there.before` and `back.after`, value by value.")
    return (
        f"the network said {top(was)}, then {top(between)}, then {top(now)}, and yet {np.mean(away > 0):.0%} of the "
        f"values differ from the first picture, by at most {away.max()} out of 255"
    )


@exercise(
    "7.3",
    start="A white sheet is a picture in which every value is 255. Turn three sheets into a teapot with `trick`.",
    recipe="`sheet = np.full((224, 224, 3), 255, np.uint8)`, and then `white = trick(lab.model, sheet, 'teapot')`. Do "
    "the same with 253 (nearly white) and 0 (black).",
)
def _(white: object, nearly_white: object, black: object) -> str:
    said = []
    for answer, shade in ((white, 255), (nearly_white, 253), (black, 0)):
        what = f"The result for the shade {shade}"
        result = trick_result(answer, what)
        if not (result.before == shade).all():
            raise Hint(f"{what} should start from a sheet on which every value is {shade}.")
        if "teapot" not in goal(result):
            raise Hint(f"{what} has the goal {goal(result)}: choose the teapot.")
        said.append(ask(perturbation(result, limit=2).after))
    resists, *others = (prediction["teapot"] for prediction in said)
    if resists > min(others):
        raise Hint("Here the white sheet does not resist the most. Did all three get the same epsilon and steps?")
    return (
        f"the white sheet reaches teapot with {resists:.2%}, the nearly white one with {others[0]:.1%} and the black "
        f"one with {others[1]:.1%}. Two shades below white the box is open on both sides, and that helps; but black's "
        "values, too, can move only one way, and it does not resist: so that is not the whole reason"
    )


def goal(result: Trick) -> str:
    """The class that a result was to become, by name."""
    return " or ".join(network().labels[c] for c in sorted(result.target))


def is_target(result: Trick) -> bool:
    """Does the network take the picture for what it was to become?"""
    return ask(result.after).best.index in result.target
