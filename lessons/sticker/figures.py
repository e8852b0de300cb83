"""Lesson 10's figure: a sticker to drag."""

from collections.abc import Mapping

from tricknet import Classifier, plots
from tricknet.arrays import Picture
from tricknet.attacks.sticker import SIDE, Sticker
from tricknet.island import Island


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
