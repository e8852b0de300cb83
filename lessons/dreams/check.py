"""Lesson 13, Dreams: the checks of its exercises."""

import numpy as np

from lessons.dreams import table
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import matched, network, number, picture
from tricknet.networks.classifier import first_answers


@exercise(
    "13.1",
    start="Write 24 letters and dots in one string, a letter for each dream, or a dot where you have no idea.",
    recipe="Begin with the animals, and look at what each dream has most of: spots, curls, horns, feathers, handles.",
)
def _(letters: object) -> str:
    return matched(letters, [row["name"] for row in table("dreams") if row["way"] == "natural colours"])


@exercise(
    "13.2",
    start="Measure the channels on the forty photographs: which of them tells animals from things? Then climb it.",
    recipe="With `responses = model.activations(evidence, 'inception_5a/output').mean(axis=(1, 2))`, and `animal` true "
    "for the first 398 classes, `wins = (responses[animal][:, None] > responses[~animal]).mean(axis=(0, 1))`. Then "
    "`dreaming` climbs `Channel('inception_5a/output', wins.argmax())`.",
)
def _(channel: object, painted: object) -> str:
    photographs, k = images.load_all(images.HELD_OUT), number(channel)
    shown = np.concatenate([photographs, images.load_all(images.EVIDENCE), picture(painted)[None]])
    *seen, made = network().activations(shown, "inception_5a/output").mean(axis=(1, 2))
    if k not in range(total := len(made)):
        raise Hint(f"The channel should be a whole number from 0 to {total - 1}; yours is {k:g}.")
    responses, animal = np.array(seen)[:, int(k)], np.array(first_answers(network(), photographs)) < 398
    fresh = responses[: len(photographs)]
    share = (fresh[animal][:, None] > fresh[~animal]).mean()
    if share < 0.9:  # which about one channel in eighty reaches by luck
        why = "Is it loud for things, too?" if share > 0.5 else "It prefers things!"
        raise Hint(f"On the thirty, the animal wins in only {share:.0%} of the pairs. {why}")
    if made[int(k)] <= responses.max():  # of all seventy, or one of them would do
        raise Hint("The channel is right, but a photograph excites it as much as your painting does. Climb it.")
    return (
        f"on thirty other photographs, the animal wins in {share:.0%} of the pairs, and your painting beats all seventy"
    )
