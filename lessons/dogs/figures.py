"""Lesson 6's figures: one dot per picture with the dogs among the others, and the map of panda-ostrich space."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from lessons.dogs.space import Space
from tricknet.arrays import Floats
from tricknet.attacks.trick import Trick
from tricknet.evidence import interval
from tricknet.plots.charts import ACCENT, PALETTE, Plot, colours_of, new_axes, plain

Dot = tuple[float, str, str]  # a share (0..1), the set that the picture is from, and its name if it is a dog's
SHAPES = "Ds^vP*X"  # of the dogs' dots, in the order of their names


def columns(
    dots: Mapping[str, Sequence[Dot]], means: Mapping[str, tuple[float, float, float]], *, ylabel: str, alt: str
) -> Plot:
    """A column of dots for each name, one dot per picture; each dog has a shape of its own.

    means: for each column, the mean of the others and its interval, (mean, low, high), drawn to the left of the dots.
    """
    figure, ((ax,),) = new_axes(7.6, 3.8)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    names = sorted({dog for column in dots.values() for _, _, dog in column if dog})
    shapes = dict(zip(names, SHAPES, strict=False))
    for x, column in enumerate(dots.values()):
        for share, which, dog in column:
            if dog:
                ax.plot(x + 0.32, share, shapes[dog], ms=6, color=ACCENT, alpha=0.8)
            else:
                side, face = random.uniform(-0.15, 0.22), "white" if which == "held out" else PALETTE[0]
                ax.plot(x + side, share, "o", ms=5, mfc=face, mec=PALETTE[0], alpha=0.7)
    for x, column_name in enumerate(dots):
        mean, low, high = means[column_name]
        ax.errorbar(x - 0.27, mean, [[mean - low], [high - mean]], fmt="_", ms=10, color="black", capsize=3)
    for face, name in ((PALETTE[0], "EVIDENCE"), ("white", "HELD_OUT")):
        ax.plot([], [], "o", ms=5, mfc=face, mec=PALETTE[0], label=name)
    ax.errorbar([], [], [], fmt="_", ms=10, color="black", capsize=3, label="mean of all but the dogs,\n95% interval")
    for dog in names:
        ax.plot([], [], shapes[dog], ms=6, color=ACCENT, label=dog)
    ax.set_xticks(range(len(dots)), list(dots))
    ax.set_xlim(-0.5, len(dots) - 0.5)
    ax.set_ylim(-0.04, 1.04)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plain(ax)
    return Plot(figure, alt)


def ranks(shares: Mapping[str, float], dogs: set[str], named: Mapping[str, str], *, ylabel: str) -> Plot:
    """One dot per picture, from the hardest to the easiest, with the dogs in a colour of their own.

    shares: how far the attacks got on each picture, 0..1. named: the names that are written on the figure.
    On the right are the means, that of the others with its 95% interval.
    """
    figure, ((ax,),) = new_axes(8.5, 3.6)
    order = sorted(shares, key=lambda name: shares[name])
    room = float("inf"), 0.0  # where the name to the right begins, and its height
    for x, name in reversed(list(enumerate(order))):
        y, dog = shares[name], name in dogs
        colour = ACCENT if dog else PALETTE[0]
        ax.plot(x, y, "D" if dog else "o", ms=7 if dog else 5, color=colour, alpha=1 if dog else 0.5, zorder=3 + dog)
        if name in named:
            crowded = x + 0.9 * len(named[name]) > room[0]
            height = max(y + 0.16, room[1] + 0.09 if crowded else 0)
            ax.plot([x, x], [y, height], color=colour, linewidth=1)
            left = y > 0.5  # there the dots are on the right
            ax.text(x + (-0.4 if left else 0.4), height, named[name], color=colour, ha="right" if left else "left")
            room = x - (0.75 * len(named[name]) if left else 0), height
    others = [p for name, p in shares.items() if name not in dogs]
    means = np.mean(others), np.mean([shares[name] for name in dogs])
    low, high = interval(others)
    right = len(order) + 4
    ax.errorbar(right, means[0], [[means[0] - low], [high - means[0]]], fmt="o", color=PALETTE[0], capsize=3)
    ax.plot(right + 10, means[1], "D", ms=7, color=ACCENT)
    for x, mean, colour, words in (
        (right, high, PALETTE[0], f"mean of\n{len(others)} others"),
        (right + 10, means[1], ACCENT, f"mean of\n{len(dogs)} dogs"),
    ):
        ax.annotate(words, (x, mean), (0, 8), textcoords="offset points", ha="center", fontsize=9, color=colour)
    ax.set_xlim(-1.5, right + 15)
    ax.set_ylim(-0.04, 1.04)
    ax.set_xticks([0, len(order) - 1], ["the hardest", "the easiest"])
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylabel(ylabel)
    plain(ax)
    where = ", ".join(f"{named.get(name, name)} {order.index(name) + 1}" for name in order if name in dogs)
    others_named = ", ".join(f"{named[name]} {order.index(name) + 1}" for name in order if name in named.keys() - dogs)
    alt = (
        f"{len(order)} pictures in a row, from the hardest to the easiest. The dogs' places: {where}. Others' places: "
        f"{others_named}. The mean of the {len(others)} others is {means[0]:.0%} (95% interval {low:.0%} to "
        f"{high:.0%}), that of the {len(dogs)} dogs {means[1]:.0%}."
    )
    return Plot(figure, alt)


def space_map(
    space: Space, walks: Sequence[tuple[Trick, Floats]], pictures: Mapping[str, Floats], step: int = -1
) -> Plot:
    """The map, with classes as stars, photographs as squares, and walks of the same picture up to a step.

    walks: each trick and where its frames are (steps x 2). pictures: where photographs are, by name.
    """
    figure, ((ax,),) = new_axes(7.6, 5.6)
    labels, said = space.model.labels, []
    ax.plot(*space.places.T, "*", ms=11, color="#666666")
    for c, (x, y) in zip(space.classes, space.places, strict=True):
        _name(ax, x, y, labels[c], above=True)
    for name, (x, y) in pictures.items():
        ax.plot(x, y, "s", ms=6, color="#999999")
        _name(ax, x, y, name, above=False)
    colours = colours_of([min(trick.target) for trick, _ in walks])
    for trick, places in walks:
        at = range(len(places))[step]
        goal = min(trick.target)
        ax.plot(*places.T, color=colours[goal], linewidth=1, alpha=0.25)
        ax.plot(*places[: at + 1].T, ".-", color=colours[goal], linewidth=1.8)
        best = int(trick.history[at].argmax())
        said.append(f"towards {labels[goal]}: {labels[best]} {trick.history[at, best]:.0%}")
        ax.plot(*places[at], "o", ms=9, color=colours[goal], label=said[-1])
    ax.set_title(f"the panda after step {at}", fontsize=11)
    ax.legend(frameon=False, loc="lower left", fontsize=9)
    ax.set_aspect("equal")
    ax.margins(0.14)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color("#dddddd")
    alt = (
        f"A map of {len(space.classes)} classes. Pandas, gorilla and colobus are on the left, birds of prey on the "
        "right, and the ostrich is far from both. Two walks begin at the photograph of a panda. "
        f"At step {at}: {'; '.join(said)}."
    )
    return Plot(figure, alt)


def _name(ax: Axes, x: float, y: float, name: str, *, above: bool) -> None:
    """A name at its place: a class's above it, a photograph's below it and smaller."""
    up, size, colour = (13, 12, "#444444") if above else (-12, 8, "#777777")
    words = ax.annotate(
        name, (x, y), (0, up), textcoords="offset points", ha="center", va="center", color=colour, fontsize=size
    )
    words.set_path_effects([withStroke(linewidth=3, foreground="white")])
