"""Lesson 11, Inside: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import (
    ask,
    choice,
    kind,
    network,
    number,
    perturbation,
    picture,
    several,
    top,
    trick_result,
)
from tricknet.topics import inside

PANDA = "giant panda"
SQUARES = 20  # that exercise 3 may cover


@exercise(
    "11.1",
    start="`inside.journey` gives all layers of a picture. Which three pictures do you need it for?",
    recipe="`inside.journey(model, picture)` for `result.before`, `result.after` and the control "
    "`inside.added(result.before, inside.shuffled(result.perturbation))`. Divide `inside.growth(before[x], after[x])` "
    "by `inside.growth(before[x], control[x])` for each layer x: the first above 3 is the answer.",
)
def _(result: object, layer: object) -> str:
    made = trick_result(result)
    perturbation(made)
    if (made.before == images.example("panda")).all():
        raise Hint("This is the panda again: take another photograph.")
    given = choice(layer, [name.lower() for name in ("picture", *inside.STOPS)], "The layer")
    before, after = inside.journey(network(), made.before), inside.journey(network(), made.after)
    control = inside.journey(network(), inside.added(made.before, inside.shuffled(made.perturbation)))
    ratio = {x: inside.growth(before[x], after[x]) / inside.growth(before[x], control[x]) for x in before}
    first = next((x for x, r in ratio.items() if r > 3), None)
    if first is None:
        raise Hint("On this picture the trick never grows to three times its shuffled copy. Does it reach its target?")
    if given != first:
        raise Hint(
            f"In {given} the trick's growth is {ratio[given]:.1f} times that of its shuffled copy. Is it the first?"
        )
    return (
        f"in {first} the trick's growth is {ratio[first]:.1f} times that of its shuffled copy, and in the scores "
        f"{ratio['scores']:.0f} times"
    )


@exercise(
    "11.2",
    start="One channel at one position is an objective, and `walk` climbs any objective. Which channels have a slope "
    "there at all?",
    recipe="`np.argsort(-model.activations(panda, inside.ATLAS)[row, column])[9]` is a quiet channel above zero, and "
    "`walk(panda[None], lambda x: model.gradients(x, Channel(inside.ATLAS, channel, at=(row, column))), "
    "epsilon=2)[0]` takes the steps.",
)
def _(answer: object, where: object) -> str:
    panda = images.example("panda")
    after = perturbation(picture(answer), panda, limit=2).after
    row, column, channel = (
        int(number(v)) for v in several(list(where) if isinstance(where, tuple) else where, 3, "numbers")
    )
    rows, columns, channels = (before := network().activations(panda, inside.ATLAS)).shape
    if not (0 <= row < rows and 0 <= column < columns and 0 <= channel < channels):
        raise Hint(f"{inside.ATLAS} has {rows} rows, {columns} columns and {channels} channels, all counted from 0.")
    place = int((before[row, column] > before[row, column, channel]).sum())
    if place < 3:
        raise Hint(
            f"On the panda, channel {channel} is number {place + 1} at that position already. Choose a quieter one."
        )
    now = network().activations(after, inside.ATLAS)[row, column]
    if now.argmax() != channel:
        raise Hint(
            f"Channel {channel} went from {before[row, column, channel]:.0f} to {now[channel]:.0f}, and channel "
            f"{now.argmax()} is stronger there ({now.max():.0f})."
        )
    return (
        f"channel {channel} went from {before[row, column, channel]:.0f} to {now[channel]:.0f} and is the strongest "
        f"there; the network says {top(ask(after))}"
    )


@exercise(
    "11.3",
    start="Which squares would one of the lesson's maps cover first? Does another map need fewer?",
    recipe="Sort a map's squares with `order = np.argsort(-values, axis=None)`, cover the first k with "
    "`np.isin(np.arange(49), order[:k]).reshape(7, 7)`, and raise k until the network says something else about "
    "`inside.hidden(model, panda, mask)`.",
)
def _(answer: object) -> str:
    try:
        mask = np.asarray(answer)
    except ValueError:  # rows of different lengths
        mask = np.empty(0)
    if mask.shape != (7, 7):
        raise Hint(f"The mask should have 7 x 7 values; this is {kind(answer)}.")
    mask = mask.astype(bool)
    panda, covered = images.example("panda"), int(mask.sum())
    if covered > SQUARES:
        raise Hint(f"{covered} squares are covered, and {SQUARES} at most may be.")
    said = ask(inside.hidden(network(), panda, mask))
    if said.top(1)[0][1] == PANDA:
        raise Hint(f"With {covered} squares covered the network still says {top(said)}.")
    return f"with {covered} of 49 squares covered the network says {top(said)}"
