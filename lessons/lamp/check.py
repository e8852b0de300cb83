"""The lamp: the checks of its exercises."""

import numpy as np

from lessons.lamp import lamp
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import ask, kind, network, top

__all__ = ["check"]

PANDA = "giant panda"
SQUARES = 20  # that exercise 3 may cover


@exercise(
    "11.3",
    start="Which squares would you miss most? `lamp.class_activation` and `lamp.occlusion` each have an opinion.",
    recipe="Let `map = lamp.class_activation(model, panda, 'giant panda')`. Sort its squares, "
    "`np.argsort(-map, axis=None)`, cover the first k of them, and raise k until the network says something else.",
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
        raise Hint(f"{covered} squares are covered, but at most {SQUARES} may be.")
    prediction = ask(lamp.hidden(network(), panda, mask))
    if prediction.best.name == PANDA:
        raise Hint(f"With {covered} squares covered the network still says {top(prediction)}.")
    return f"with {covered} of 49 squares covered the network says {top(prediction)}"
