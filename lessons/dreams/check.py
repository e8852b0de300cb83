"""Lesson 13, Dreams: the checks of its exercises."""

from lessons.dreams import table
from tricknet.attacks.dream import dream
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, label, matched, network
from tricknet.networks.objectives import Objective


@exercise(
    "13.1",
    start="Write 24 letters and dots in one string, a letter for each dream, or a dot where you have no idea.",
    recipe="Begin with the animals, and look at what each dream has most of: spots, curls, horns, feathers, handles.",
)
def _(letters: object) -> str:
    return matched(letters, [row["name"] for row in table("dreams") if row["way"] == "natural colours"])


@exercise(
    "13.2",
    start="Objectives add up: `objective(a) + objective(b)`. Which objective still climbs once a class has won, "
    "`Logit` or `Class`, and which one leaves room for the other? Give `check` the sum and the two names.",
    recipe='The surer the network is of a `Class`, the less it pulls: take `Class("goldfish") + Class("teapot")`.',
)
def _(objective: Objective, first: object, second: object) -> str:
    names, climbed = [label(first), label(second)], {getattr(term, "target", None) for _, term in objective.terms}
    if names[0] == names[1]:
        raise Hint("These are the same class. Choose two different ones.")
    if len(climbed) < 2 or {label(target) for target in climbed if target is not None} != set(names):
        raise Hint("The objective should be a sum of two, one for each of these classes.")
    prediction = ask(dream(network(), objective))
    shares = " and ".join(f'"{prediction.labels[c]}" {prediction[c]:.1%}' for c in names)
    least = 0.2  # of the probability, for each
    if min(prediction[c] for c in names) < least:
        raise Hint(f"Its dream gives {shares}, not {least:.0%} each. Which objective pushes less once its class leads?")
    return f"I dreamt of it, too, and the network gives {shares} for one and the same picture"
