"""Lesson 7, The lab: the checks of its exercises. `lab.trick`, the lab's last run, is an answer like any other."""

import numpy as np

from tricknet.attacks.result import Trick
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, perturbation, top


@exercise(
    "7.1",
    start="After the first run set `there = lab.trick`, and save the picture. Where does the second run start?",
    recipe="After the first run, click *Save as PNG* and choose the new picture from the list. Now the target is "
    "the class that the first run began with. Then set `back = lab.trick` and `same = np.array_equal(there.before, "
    "back.after)`.",
)
def _(first: Trick, second: Trick, same: object) -> str:
    if not np.array_equal(first.after, second.before):
        raise Hint("The second run should start from the picture that the first one ended with.")
    was, between, now = (ask(picture) for picture in (first.before, first.after, second.after))
    if between.best.index == was.best.index:
        raise Hint(f"After the first run the network still says {top(between)}. Choose another target or more steps.")
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
    "7.2",
    start="A white sheet is a picture in which every value is 255. Turn three sheets into a teapot with `trick`.",
    recipe="`sheet = np.full((224, 224, 3), 255, np.uint8)`, and then `white = trick(model, sheet, 'teapot')`. Do "
    "the same with 253 (nearly white) and 0 (black).",
)
def _(white: Trick, nearly_white: Trick, black: Trick) -> str:
    predictions = []
    for result, shade in ((white, 255), (nearly_white, 253), (black, 0)):
        if not (result.before == shade).all():
            raise Hint(f"The result for the shade {shade} should start from a sheet on which every value is {shade}.")
        if result.target != {network().labels.find("teapot")}:
            raise Hint(f"The target for the shade {shade} should be the teapot.")
        predictions.append(ask(perturbation(result, limit=2).after))
    resists, *others = (prediction["teapot"] for prediction in predictions)
    if resists > min(others):
        raise Hint("Here the white sheet does not resist the most. Did all three get the same epsilon and steps?")
    return (
        f"the teapot reaches {resists:.2%} on the white sheet, {others[0]:.1%} on the nearly white one and "
        f"{others[1]:.1%} on the black one. Two shades below white the box is open on both sides, and that helps; but "
        "black's values can move only one way, too, and it doesn't resist, so that isn't the whole reason"
    )
