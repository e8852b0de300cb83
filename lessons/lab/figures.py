"""The figure of lesson 7: a wall of strange pairs."""

from collections.abc import Sequence

import numpy as np

from tricknet import Trick, images
from tricknet.plots.sheet import Sheet, lay, thumbnail

SIDE = 112  # pixels: half a picture's


def wall(tricks: Sequence[Trick], things: Sequence[str]) -> Sheet:
    """Each trick beside the photograph of such a thing, at half their size, so not exact.

    things: the photographs' names, as `images.load` takes them. Above each pair are the photograph's first answer and
    the probability of that in each.
    """
    pairs, captions = [], []
    for trick, thing in zip(tricks, things, strict=True):
        photograph = images.load(thing)
        prediction = trick.model.predict(photograph)
        name = prediction.best.name
        pairs.append(np.hstack([thumbnail(one, SIDE, unit=8) for one in (trick.after, photograph)]))
        captions.append(f"{name}\nleft {trick.prediction_after[name]:.1%}, right {prediction[name]:.1%}")
    paper, _ = lay(pairs, captions, columns=4)
    alt = "; ".join(captions).replace("\n", ": ")
    return Sheet([paper], [[]], f"Pairs of pictures that look nothing like each other: {alt}")
