"""Lesson 7, The lab: the checks of its exercises. `lab.trick`, the lab's last run, is an answer like any other."""

import numpy as np

from tricknet.attacks.result import Change, Trick
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, perturbation, top


@exercise(
    "7.1",
    start="After the first run set `there = lab.trick`, and save the picture. Where does the second run start?",
    recipe="After the first run, click *Save as PNG* and choose the new picture from the list. Now the target is "
    "the class that the first run began with. Then set `back = lab.trick`. `np.linalg.norm(back.after.astype(int) - "
    "there.before)` is the distance from home; `there.length` was the first run's.",
)
def _(first: Trick, second: Trick, nearer: object) -> str:
    if not np.array_equal(first.after, second.before):
        raise Hint("The second run should start from the picture that the first one ended with.")
    was, between, now = (ask(picture) for picture in (first.before, first.after, second.after))
    if between.best.index == was.best.index:
        raise Hint(f"After the first run the network still says {top(between)}. Choose another target or more steps.")
    if now.best.index != was.best.index:
        raise Hint(f"The picture was {top(was)} at first, but now it is {top(now)}. Turn it back into what it was.")
    if not isinstance(nearer, (bool, np.bool_)):
        raise Hint("The third answer should be True or False.")
    away = Change(first.before, second.after).length
    if bool(nearer) != (away < first.length):
        raise Hint("Compare two distances from the first picture: that of `there.after`, and that of `back.after`.")
    return (
        f"the network said {top(was)}, then {top(between)}, then {top(now)}; "
        f"the distance from the first picture was {first.length:.0f} after one run, and is {away:.0f} after two"
    )


BOX = {255: 2, 254: 1}  # the sheets from which exactly the values 253 to 255 can be reached, each with its epsilon


@exercise(
    "7.2",
    start="Start from a sheet on which every value is 254, with an epsilon of 1. What could help the walk along?",
    recipe="`np.full((224, 224, 3), 254, np.uint8)` is the sheet. Ask `trick` for a teapot with `epsilon=1`, "
    "`method='calm'` and `steps=300`.",
)
def _(sheet: Trick) -> str:
    shade = int(sheet.before.flat[0])
    if (sheet.before != shade).any() or BOX.get(shade) != sheet.epsilon:
        raise Hint("Start with 255 everywhere and an epsilon of 2, or with 254 everywhere and an epsilon of 1.")
    if sheet.target != {network().labels.find("teapot")} or sheet.less_like:
        raise Hint("The sheet should become a teapot.")
    perturbation(sheet, limit=sheet.epsilon)
    now = ask(sheet.after)
    if now.best.name != "teapot":
        raise Hint(
            f"After {sheet.steps} steps the teapot is at {now['teapot']:.2%}, and the first answer is {top(now)}. "
            "That this walk hasn't arrived doesn't put the teapot out of reach. Try more steps or another method."
        )
    return (
        f"the network says {top(now)}, and all values are from {sheet.after.min()} to {sheet.after.max()}. "
        "So the white sheet's box holds a teapot"
    )
