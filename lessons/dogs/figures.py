"""Lesson 6's figures: photographs from the hardest to the easiest, and the map of panda-ostrich space."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from PIL import ImageDraw

from lessons.dogs.space import Space
from tricknet import Trick, images
from tricknet.arrays import Floats
from tricknet.colours import grey
from tricknet.plots.charts import ACCENT, Plot, colours_of, new_axes
from tricknet.plots.sheet import Sheet, lay, thumbnail

THUMBNAIL, COLUMNS = 64, 12  # of the photographs in a ranking: pixels, and how many are in a row


def ranks(shares: Mapping[str, float], framed: Collection[str], what: str) -> Sheet:
    """Photographs from the hardest, at the top left, to the easiest.

    shares: how far the attacks got on each, 0..1, by its name in images/. framed: the names that get an orange frame.
    what: what those show, with its article, for the alternative text.
    """
    order = sorted(shares, key=lambda name: shares[name])
    pictures = [thumbnail(images.load(name), THUMBNAIL, unit=8) for name in order]
    paper, boxes = lay(pictures, [f"{shares[name]:.1%}" for name in order], columns=COLUMNS, gap=8)
    draw = ImageDraw.Draw(paper)
    for box, name in zip(boxes, order, strict=True):
        if name in framed:
            corners = box.left - 3, box.top - 3, box.left + THUMBNAIL + 2, box.top + THUMBNAIL + 2
            draw.rectangle(corners, outline=ACCENT, width=5)
    places = ", ".join(f"{name.replace('_', ' ')} {order.index(name) + 1}" for name in order if name in framed)
    alt = f"{len(order)} photographs in rows, from the hardest to the easiest. In an orange frame, {what}: {places}."
    return Sheet([paper], [[]], alt)


def space_map(
    space: Space, walks: Sequence[tuple[Trick, Floats]], pictures: Mapping[str, Floats], *, step: int = -1
) -> Plot:
    """The map, with classes as stars, photographs as squares, and walks of the same picture up to a step.

    walks: each trick and where its frames are (steps x 2). pictures: where photographs are, by name.
    """
    figure, ((ax,),) = new_axes(5.6)
    labels, ends = space.model.labels, []
    ax.plot(*space.places.T, "*", ms=11, color=grey(6), label="a class")
    for c, (x, y) in zip(space.classes, space.places, strict=True):
        _name(ax, x, y, labels[c], above=True)
    ax.plot(*np.array(list(pictures.values())).T, "s", ms=6, color=grey(9), label="a photograph")
    for name, (x, y) in pictures.items():
        _name(ax, x, y, name, above=False)
    colours = colours_of([min(trick.target) for trick, _ in walks])
    for trick, places in walks:
        at = range(len(places))[step]
        goal = min(trick.target)
        ax.plot(*places.T, color=colours[goal], linewidth=1, alpha=0.25)
        ax.plot(*places[: at + 1].T, ".-", color=colours[goal], linewidth=1.8)
        best = int(trick.history[at].argmax())
        ends.append(f"towards {labels[goal]}: {labels[best]} {trick.history[at, best]:.0%}")
        ax.plot(*places[at], "o", ms=9, color=colours[goal], label=ends[-1])
    ax.set_title(f"the panda after step {at}", fontsize=11)
    ax.legend(frameon=False, loc="upper left")
    ax.margins(0.2)
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_color(grey(13))
    alt = (
        f"A map of {len(space.classes)} classes. Pandas, gorilla and colobus are on the left, birds of prey on the "
        "right, and the ostrich is far from both. Two walks begin at the photograph of a panda. "
        f"At step {at}: {'; '.join(ends)}."
    )
    return Plot(figure, alt)


def _name(ax: Axes, x: float, y: float, name: str, *, above: bool) -> None:
    """A name at its place: a class's above it, a photograph's beside it and smaller."""
    place, side, size, colour = ((0, 13), "center", 12, grey(4)) if above else ((7, -9), "left", 10, grey(7))
    words = ax.annotate(name, (x, y), place, textcoords="offset points", ha=side, va="center", color=colour)
    words.set_fontsize(size)
    words.set_path_effects([withStroke(linewidth=3, foreground="white")])
