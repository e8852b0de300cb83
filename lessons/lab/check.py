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


SHEETS = {255: 2, 254: 1, 128: 1, 1: 1}  # the epsilon for each shade
RESISTS, BECOMES = 0.01, 0.5  # at most and at least: the teapot's probability


@exercise(
    "7.2",
    start="On a white sheet every value is 255. Ask `trick` for a teapot four times, with an epsilon "
    "of 2 on the white sheet and of 1 on the others.",
    recipe="`sheet = lambda shade: np.full((224, 224, 3), shade, np.uint8)`, then `white = trick(model, sheet(255), "
    "'teapot')` and, with `epsilon=1`, the same for 254, 128 and 1.",
)
def _(white: Trick, nearly_white: Trick, grey: Trick, nearly_black: Trick) -> str:
    sheets = (white, nearly_white, grey, nearly_black)
    for result, (shade, epsilon) in zip(sheets, SHEETS.items(), strict=True):
        if (result.before != shade).any() or result.target != {network().labels.find("teapot")} or result.less_like:
            raise Hint(f"A sheet on which every value is {shade} should become a teapot.")
        perturbation(result, limit=epsilon)
    end, middle, *others = (ask(result.after)["teapot"] for result in sheets)
    words = f"{end:.2%} and {middle:.2%} on the two white sheets, {others[0]:.1%} on grey and {others[1]:.1%} on black"
    if max(end, middle) > RESISTS or min(others) < BECOMES:
        raise Hint(f"The teapot reaches {words}. Did all four get the same number of steps, and enough?")
    if min(white.steps, nearly_white.steps) < max(grey.steps, nearly_black.steps):
        raise Hint("Give the white sheets at least as many steps as the others. They might only need longer.")
    return (
        f"the teapot reaches {words}. White resists from the middle of its box, where every value can move both ways, "
        "as it does from the end. Grey and black become teapots in a box that is no wider"
    )
