"""Lesson 12, Inside: the checks of its exercises."""

import numpy as np

from lessons.inside import layer_4d
from lessons.inside.layer_4d import put_back
from tricknet import Trick, images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, number, perturbation, picture, several, top

PANDA = "giant panda"
CHANNELS = 40  # that exercise 1 may put back
SURE = 0.9


@exercise(
    "12.1",
    start="The channels that rose most need not be those that matter most. How could you find out what one channel "
    "alone is worth?",
    recipe="Put each channel back alone, `put_back(after, before, channels=[k])`, and ask "
    '`model.predict_from`. Note `np.log(prediction["vulture"] / prediction["giant panda"])` for each. Sort the '
    "channels by it, the smallest first, and put back the first 10, 20, 30 of them together.",
)
def _(trick: Trick, channels: object) -> str:
    perturbation(trick)
    if not (trick.before == images.load("panda")).all() or ask(trick.after)["vulture"] < SURE:
        raise Hint('The first answer should be the panda that is surely a vulture: `trick(model, panda, "vulture")`.')
    before, after = (network().activations(x, layer_4d.LAYER) for x in (trick.before, trick.after))
    numbers = np.asarray(channels)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or not np.isin(numbers, range(before.shape[2])).all():
        raise Hint(f"The channels should be a list of whole numbers from 0 to {before.shape[2] - 1}, such as [3, 14].")
    chosen = np.unique(numbers).tolist()
    if len(chosen) > CHANNELS:
        raise Hint(f"These are {len(chosen)} channels, but at most {CHANNELS} may be put back.")
    answer = network().predict_from(layer_4d.LAYER, put_back(after, before, channels=chosen))
    if answer.best.name != PANDA:
        raise Hint(f"With {len(chosen)} channels put back the network still says {top(answer)}.")
    return f"with {len(chosen)} of {before.shape[2]} channels put back the network says {top(answer)}"


@exercise(
    "12.2",
    start="A silent channel has no gradient. Which channels are above zero at your position, but not among the three "
    "largest? Climb one of them.",
    recipe="`walk(panda[None], lambda x: model.gradient(x, Channel(layer_4d.LAYER, channel, at=(row, column))), "
    "epsilon=2)[0]` takes the steps.",
)
def _(answer: object, where: object) -> str:
    panda = images.load("panda")
    after = perturbation(picture(answer), panda, limit=2).after
    row, column, channel = (int(number(one)) for one in several(where, 3, "numbers"))
    rows, columns, channels = (before := network().activations(panda, layer_4d.LAYER)).shape
    if not (0 <= row < rows and 0 <= column < columns and 0 <= channel < channels):
        raise Hint(f"{layer_4d.LAYER} has {rows} rows, {columns} columns and {channels} channels, all counted from 0.")
    rank = int((before[row, column] > before[row, column, channel]).sum())
    if rank < 3:
        raise Hint(f"On the panda, channel {channel} is number {rank + 1} there already. Choose a quieter one.")
    now = network().activations(after, layer_4d.LAYER)[row, column]
    if now.argmax() != channel:
        raise Hint(f"Channel {channel} is at {now[channel]:.0f} there, and channel {now.argmax()} at {now.max():.0f}.")
    return (
        f"channel {channel} went from {before[row, column, channel]:.0f} to {now[channel]:.0f} and is the strongest "
        f"there; the network says {top(ask(after))}"
    )
