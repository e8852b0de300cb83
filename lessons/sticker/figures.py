"""Lesson 10's figures: a sticker to drag, and where a sticker works."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle

from tricknet import Classifier, plots
from tricknet.arrays import Numbers, Picture
from tricknet.attacks.sticker import SIDE, Sticker
from tricknet.colours import RED
from tricknet.island import Island
from tricknet.plots.charts import Plot, new_axes


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


def dotted(panels: Mapping[str, tuple[Picture, Numbers]], places: Sequence[int], size: float, alt: str) -> Plot:
    """Pictures in grey, side by side, with a dot for each place of a disc's centre.

    panels: {title: (picture, how large the dots are, 0..1: one row for each of `places` from top to bottom, one column
    for each from left to right)}. places: the centres' rows, which are the columns too, evenly spaced, in pixels. size:
    the disc's diameter, drawn as a dashed circle in a corner.
    """
    figure, (axes,) = new_axes(4, len(panels), width=7.5)
    columns, rows = np.meshgrid(places, places)
    for ax, (title, (picture, shares)) in zip(axes, panels.items(), strict=True):
        grey = picture.mean(axis=2) // 16 * 16 + 8  # so that the dots stand out, and a page opens quickly
        ax.imshow(grey, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        for x, y, share in zip(columns.ravel(), rows.ravel(), shares.ravel(), strict=True):
            radius = 0.48 * (places[1] - places[0]) * np.sqrt(share)
            ax.add_patch(Circle((x, y), 0.8, color="white", linewidth=0))
            ax.add_patch(Circle((x, y), radius, facecolor=RED, edgecolor="white", linewidth=0.8))
        corner = (size / 2 + 4,) * 2
        ax.add_patch(Circle(corner, size / 2, fill=False, edgecolor="white", linestyle="--", linewidth=1.5))
        ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0), xticks=[], yticks=[])
        ax.set_title(title, fontsize=14)
    return Plot(figure, alt)
