"""Lesson 13, Dreams: the checks of its exercises."""

from lessons.dreams import table
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, label, made, matched, network, number

LEAST = 0.2  # of the probability, for each of two classes in one picture


@exercise(
    "13.1",
    start="Write the letters of the names in the order of the dreams' numbers, with a dot where you have no idea: 24 "
    "characters in one string.",
    recipe="Begin with the animals, and look at what each dream has most of: spots, curls, horns, feathers, handles.",
)
def _(letters: object) -> str:
    return matched(letters, [row["name"] for row in table("dreams") if row["way"] == "natural colours"])


@exercise(
    "13.2",
    start="Objectives add up: dream of `objective(a) + objective(b)`. Which objective still climbs once a class has "
    "won, `Logit` or `Class`, and which one leaves room for the other? Give `check` the picture and the two names.",
    recipe='`two = Class("goldfish") + Class("teapot")`, then `dreamt = dream(model, two)`. If one class is still '
    "below 20%, take some small steps from there: `*_, answer = climbing(model, two, dreamt, step=0.1)`.",
)
def _(answer: object, first: object, second: object) -> str:
    dreamt, names = made(answer), [label(first), label(second)]
    if names[0] == names[1]:
        raise Hint("These are the same class. Choose two different ones.")
    prediction = ask(dreamt)
    shares = " and ".join(f'"{prediction.labels[c]}" {prediction[c]:.1%}' for c in names)
    if min(prediction[c] for c in names) < LEAST:
        raise Hint(f"It gives {shares}, not {LEAST:.0%} each. Which objective pushes less once its class leads?")
    return f"the network gives {shares} for one and the same picture"


@exercise(
    "13.3",
    start="`dream(other, Logit(name))` is SqueezeNet's dream. In GoogLeNet's answer count the "
    "classes that are likelier than yours, and add 1: that is its rank. Give `check` the picture, the class's name "
    "and the rank.",
    recipe="`answer = dream(other, Logit(name))`, `prediction = model.predict(answer)`, and the rank is "
    "`(prediction.probabilities > prediction[name]).sum() + 1`.",
)
def _(answer: object, name: object, rank: object) -> str:
    dreamt, target, guess = made(answer), label(name), number(rank, "The rank")
    theirs, ours = network("SqueezeNet").predict(dreamt), ask(dreamt)
    if theirs[target] < 0.5:
        raise Hint(f"SqueezeNet gives this class {theirs[target]:.1%}: its own dream should convince it.")
    true_rank = int((ours.probabilities > ours[target]).sum()) + 1
    if guess != true_rank:
        raise Hint(f"In GoogLeNet's answer the class's rank is not {guess:g}. The likeliest class has rank 1.")
    verdict = "recognises" if true_rank == 1 else "does not recognise"
    return (
        f'SqueezeNet is sure of its "{theirs.labels[target]}" ({theirs[target]:.1%}), and its rank in GoogLeNet\'s '
        f"answer is {true_rank}, so GoogLeNet {verdict} this dream (though one dream proves little)"
    )
