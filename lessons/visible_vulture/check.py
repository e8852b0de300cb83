"""Lesson 17, A vulture you can see: the checks of its exercises."""

from lessons.visible_vulture import table
from tricknet import Trick
from tricknet.attacks.paint import LENGTH
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import label, matched, network, perturbation, top

STRANGERS = "SqueezeNet", "EfficientNet-Lite0"  # which never gave a gradient


@exercise(
    "17.1",
    start="Write the letters of the names in the order of the pictures' numbers, with a dot where you have no idea: 8 "
    "characters in one string.",
    recipe="Look for what the photograph can't have had: a dial, a wheel, a handle, an eye. Squint, or step back.",
)
def _(letters: object) -> str:
    return matched(letters, [row["target"] for row in table("paint") if row["way"] == "both"][:8])


@exercise(
    "17.2",
    start="Choose a photograph that is halfway there: a horse is nearer to a zebra than a castle is.",
    recipe='Try `paint(model, images.load("sorrel"), "zebra")`, other pairs, other seeds, and more steps, and each '
    "time ask `squeezenet` and `efficientnet` what they say.",
)
def _(answer: Trick, name: object) -> str:
    model, change, target = answer.model, perturbation(answer), label(name)
    if model.name != "GoogLeNet":
        raise Hint(f"The gradients came from {model.name}, but they should be GoogLeNet's: the others are strangers.")
    if change.length > LENGTH + 50:  # rounding adds a little
        raise Hint(f"The picture has changed by {change.length:,.0f} in L2, but at most {LENGTH:,} is allowed.")
    before, after = ([network(each).predict(x) for each in STRANGERS] for x in (change.before, change.after))
    if target in {prediction.best.index for prediction in before}:
        raise Hint("A stranger names this class in the photograph itself. Choose another class, or another photograph.")
    if target not in {prediction.best.index for prediction in after}:
        raise Hint(f"The strangers say {top(after[0])} and {top(after[1])}. Which photograph would meet them halfway?")
    now, first = (f"{top(squeezenet)} and {top(efficientnet)}" for squeezenet, efficientnet in (after, before))
    return f"the strangers call it {now}, and they called the photograph {first}"
