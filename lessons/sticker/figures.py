"""Lesson 10's figures: a sticker to drag, and at which sizes stickers work."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet import Classifier, plots
from tricknet.arrays import Picture
from tricknet.attacks.sticker import SIDE, Sticker
from tricknet.colours import BLUE, GREEN, RED
from tricknet.counting import Rate
from tricknet.island import Island
from tricknet.plots import intervals
from tricknet.plots.charts import Plot


def drag(
    model: Classifier, pictures: Mapping[str, Picture], *stickers: Sticker, at: tuple[int, int] = (112, 112)
) -> Island:
    """A picture with a sticker on it that the reader moves by mouse, finger or arrow keys, and what the network says.

    pictures: by name, of which the first is shown first; uint8, 224 x 224 x 3 each. stickers: the same. at: where
    the sticker's centre is at the start (row, column), in pixels.
    """
    (name, photograph), first = next(iter(pictures.items())), stickers[0]
    picture = first.on(photograph, at, SIDE)
    prediction = model.predict(picture)
    state = {"network": model.name, "at": at, "size": SIDE, "says": str(prediction.best)}
    state |= {"pictures": [*pictures.items()], "stickers": [(one.label, one.pixels[..., :3]) for one in stickers]}
    still = plots.answers(picture, prediction, first.label, by=model)
    text = f"{name} with a sticker: {prediction.best} (Run this cell to drag it.)"
    return Island("sticker", state, model, still=still, text=text)


def by_size(groups: Mapping[str, Mapping[float, Rate]], made_at: Sequence[tuple[float, float]]) -> Plot:
    """Curves over the size of a disc, and behind them, in each sticker's colour, the sizes at which it was made.

    groups: {name: {share of the picture's area, 0..1: rate}}. made_at: the least and the greatest share, for the first
    of the groups.
    """
    shares, colours = list(next(iter(groups.values()))), (RED, BLUE, GREEN, "#000000")
    words = {name: {f"{share:.0%}": rate for share, rate in rates.items()} for name, rates in groups.items()}
    xlabel = "share of the picture that the disc covers\nshaded: the sizes at which a sticker was made"
    plot = intervals.curves(words, xlabel, "photographs won, of 30", colours=colours)
    for ends, colour in zip(made_at, colours, strict=False):
        at = np.interp(np.log(ends), np.log(shares), range(len(shares)))
        plot.figure.axes[0].axvspan(*at, color=colour, alpha=0.15, linewidth=0)
    return Plot(plot.figure, plot.alt)
