"""Lesson 12, Dreams: the checks of its exercises."""

from functools import cache

from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import ask, label, network, number, picture, top
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Strength
from tricknet.networks.squeezenet import SqueezeNet

__all__ = ["check"]

LEAST = 0.2  # of the probability, for each of two classes in one picture
LAYER, TIMES = "inception_4c/output", 7


@cache
def other() -> Classifier:
    """The second network, loaded once."""
    return SqueezeNet()


@exercise(
    "12.1",
    start="Objectives add up: dream of `objective(a) + objective(b)`. Which objective still climbs once a class has "
    "won, `Logit` or `Class`, and which one leaves room for the other? Give `check` the picture and the two names.",
    recipe='`two = Class("goldfish") + Class("teapot")`, then `dream(model, two)`. If one class is still below 20%, '
    "take some small steps from there: `*_, answer = climbing(model, two, dreamt, step=0.1)`.",
)
def _(answer: object, first: object, second: object) -> str:
    dreamt, names = picture(answer), [label(first), label(second)]
    if names[0] == names[1]:
        raise Hint("These are one class. Choose two different ones.")
    prediction = ask(dreamt)
    shares = " and ".join(f"{prediction.labels[c]} {prediction[c]:.1%}" for c in names)
    if min(prediction[c] for c in names) < LEAST:
        raise Hint(
            f"The network says {shares}, but each should have at least {LEAST:.0%}. Which objective pushes less where "
            "its class has won and more where it has not?"
        )
    return f"the network says {shares} about one and the same picture"


@exercise(
    "12.2",
    start="Objectives add up, those of different layers too: what could keep the panda a panda? With `octaves=1` every "
    "picture has the panda's size. Give `check` the picture.",
    recipe=f'`layer, logit = Strength("{LAYER}"), Logit("giant panda")`, '
    "`weight = 0.5 * model.gradient(panda, layer).std() / model.gradient(panda, logit).std()`, then "
    "`deepdream(model, layer + weight * logit, panda, octaves=1)`.",
)
def _(answer: object) -> str:
    dreamt, model, layer = picture(answer), network(), Strength(LAYER)
    times, prediction = model.value(dreamt, layer) / model.value(images.load("panda"), layer), ask(dreamt)
    if times < TIMES:
        raise Hint(f"The layer's strength is {times:.1f} times the panda's, but {TIMES} times is wanted: dream longer.")
    if prediction["giant panda"] < 0.5:
        raise Hint(
            f"The network says {top(prediction)}, and {prediction['giant panda']:.1%} for the panda. How large is the "
            "gradient of the layer's strength, and how large the logit's?"
        )
    return f"{LAYER} responds {times:.1f} times as strongly as to the panda, and the network says {top(prediction)}"


@exercise(
    "12.3",
    start="`dream(other, Logit(name))` is SqueezeNet's dream. In GoogLeNet's answer count the "
    "classes that are likelier than yours, and add 1: that is its place. Give `check` the picture, the class's name "
    "and the place.",
    recipe="`answer = dream(other, Logit(name))`, `said = model.predict(answer)`, and the place is "
    "`(said.probabilities > said[name]).sum() + 1`.",
)
def _(answer: object, name: object, place: object) -> str:
    dreamt, target, guess = picture(answer), label(name), number(place, "The place")
    theirs, ours = other().predict(dreamt), ask(dreamt)
    if theirs[target] < 0.5:
        raise Hint(f"SqueezeNet gives this class {theirs[target]:.1%}: its own dream should convince it.")
    true_place = int((ours.probabilities > ours[target]).sum()) + 1
    if guess != true_place:
        raise Hint(f"In GoogLeNet's answer the class is not in place {guess:g}. The likeliest class is in place 1.")
    verdict = "recognises" if true_place == 1 else "does not recognise"
    return (
        f"SqueezeNet is sure of its {theirs.labels[target]} ({theirs[target]:.1%}), and in GoogLeNet's answer it is in "
        f"place {true_place}, so GoogLeNet {verdict} this dream (though one dream proves little)"
    )
