"""Lesson 12's figures: where another network sees the class of a dream, and a zoom as a small animation."""

from collections.abc import Iterable, Mapping

import numpy as np

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain
from tricknet.plots.sheet import Sheet, lay


def places(found: Mapping[str, Numbers], alt: str) -> Plot:
    """The place of a class in a network's answer (1 is the first), on a logarithmic axis: a dot for each class.

    found: for each name the places, one per class. A line marks the median, and a pale band the first five.
    """
    figure, ((ax,),) = new_axes(5.6, 3.4)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    ax.axhspan(0.8, 5.5, color="#eeeeee")
    for x, places in enumerate(found.values()):
        ax.plot(x + random.uniform(-0.18, 0.18, len(places)), places, "o", ms=4, color=PALETTE[0], alpha=0.6)
        median = float(np.median(places))
        ax.plot([x - 0.3, x + 0.3], [median, median], color=ACCENT, linewidth=2)
        ax.text(x + 0.32, median, f"{median:.0f}", color=ACCENT, va="center", fontsize=9)
    ax.text(-0.55, 4.6, "the first five", fontsize=9, color="#555555", va="center")
    ax.set_yscale("log")
    ax.set_ylim(1000, 0.8)
    ax.set_xlim(-0.6, len(found) - 0.4)
    ax.set_yticks([1, 5, 10, 100, 1000], ["1", "5", "10", "100", "1000"])
    ax.set_xticks(range(len(found)), list(found))
    ax.set_ylabel("the class's place, of 1000")
    plain(ax, grid=False)
    return Plot(figure, alt)


def film(frames: Iterable[Picture], alt: str, *, pause: int = 150) -> Sheet:
    """Frames (uint8, height x width x 3) as a looping animated PNG; `.save("zoom.png")` keeps it.

    pause: milliseconds per frame.
    """
    papers, boxes = zip(*(lay([frame]) for frame in frames), strict=True)
    return Sheet(papers, boxes, alt, pauses=[pause] * len(papers))
