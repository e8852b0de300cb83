"""Lesson 6's figures: where a dog's probability went, and photographs from the hardest to the easiest."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from PIL import Image, ImageOps

from lessons.dogs.resistance import CANINES
from tricknet import Prediction, images
from tricknet.arrays import Picture
from tricknet.colours import GREEN, RED, grey
from tricknet.plots.charts import ACCENT, Plot
from tricknet.plots.intervals import row_axes, share_axis
from tricknet.plots.sheet import Sheet, lay, thumbnail

THUMBNAIL, FRAME, COLUMNS = 56, 5, 11  # of the photographs in a ranking: pixels, and how many are in a row


def answers(predictions: Mapping[str, Prediction], pictures: Sequence[Picture] = ()) -> Plot:
    """A bar for each prediction, by what was done before it: all canines together, the tennis ball, and the rest.

    pictures: photographs (uint8) to show beside the bars from the top, if any, each beside as many as the others.
    """
    figure, (ax,), tops = row_axes(predictions)
    said = []
    for y, (name, prediction) in zip(tops, predictions.items(), strict=True):
        canines, ball = float(prediction.probabilities[sorted(CANINES)].sum()), prediction["tennis ball"]
        parts = {"all canines": canines, "tennis ball": ball, "no dog, no ball": 1 - canines - ball}
        left = 0.0
        for (part, share), colour in zip(parts.items(), (grey(9), GREEN, RED), strict=True):
            ax.barh(y, share, left=left, color=colour, label=part if y == tops[0] else None, height=0.9)
            left += share
        ax.text(1.03, y, str(prediction), va="center")
        said.append(f"{name}: {', '.join(f'{part} {share:.0%}' for part, share in parts.items())}; first {prediction}")
    for picture, rows in zip(pictures, np.array_split(tops, max(len(pictures), 1)), strict=False):
        box, place = OffsetImage(thumbnail(picture, THUMBNAIL, unit=8), zoom=0.9), (-0.04, rows.mean() - 0.5)
        ax.add_artist(AnnotationBbox(box, place, box_alignment=(1, 0.5), frameon=False, annotation_clip=False))
    share_axis(ax, "probability; on the right, the first answer")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    return Plot(figure, f"Bars. {'. '.join(said)}.")


def ranks(shares: Mapping[str, float], framed: Collection[str], what: str) -> Sheet:
    """Photographs from the hardest, at the top left, to the easiest.

    shares: how far the attacks got on each, 0..1, by its name in images/ or its path. framed: those that get an orange
    frame. what: what those show.
    """
    order = sorted(shares, key=lambda name: shares[name])
    small = [Image.fromarray(thumbnail(images.load(name), THUMBNAIL, unit=8)) for name in order]
    colours = [ACCENT if name in framed else "white" for name in order]
    pictures = [np.array(ImageOps.expand(one, FRAME, colour)) for one, colour in zip(small, colours, strict=True)]
    paper, _ = lay(pictures, [f"{shares[name]:.1%}" for name in order], columns=COLUMNS, gap=2)
    title = f"How probable five targets became, on average, from the hardest photograph to the easiest. Framed: {what}"
    paper, _ = lay([np.asarray(paper)], [title])
    places = ", ".join(f"{name.replace('_', ' ')} {order.index(name) + 1}" for name in order if name in framed)
    alt = f"{len(order)} photographs in rows, from the hardest to the easiest. In an orange frame, {what}: {places}."
    return Sheet([paper], [[]], alt)
