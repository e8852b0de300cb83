"""Lesson 12's figures: where another network sees the class of a dream, and a film of a dream."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from tricknet import files
from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain


def places(ways: Mapping[str, Numbers], alt: str) -> Plot:
    """The place of a class in a network's answer (1 is the first), on a logarithmic axis: a dot for each class.

    ways: for each name the places, one per class. A line marks the median, and a pale band the first
    five; below stands how often it was the first.
    """
    figure, ((ax,),) = new_axes(6.8, 3.4)
    random = np.random.default_rng(0)  # sideways, so that no dot hides another
    ax.axhspan(0.8, 5.5, color="#eeeeee")
    for x, places in enumerate(ways.values()):
        ax.plot(x + random.uniform(-0.18, 0.18, len(places)), places, "o", ms=4, color=PALETTE[0], alpha=0.6)
        median = float(np.median(places))
        ax.plot([x - 0.3, x + 0.3], [median, median], color=ACCENT, linewidth=2)
        ax.text(x + 0.32, median, f"{median:.0f}", color=ACCENT, va="center", fontsize=9)
    ax.text(-0.55, 4.6, "the first five", fontsize=9, color="#555555", va="center")
    ax.set_yscale("log")
    ax.set_ylim(1000, 0.8)
    ax.set_xlim(-0.6, len(ways) - 0.4)
    ax.set_yticks([1, 5, 10, 100, 1000], ["1", "5", "10", "100", "1000"])
    firsts = [f"{name}\n{np.sum(places == 1)} of {len(places)} first" for name, places in ways.items()]
    ax.set_xticks(range(len(ways)), firsts)
    ax.set_ylabel("place of the class, out of 1000")
    plain(ax, grid=False)
    return Plot(figure, alt)


def film(frames: Iterable[Picture], path: str | Path, *, pause: int = 80) -> Path:
    """Write frames (uint8, height x width x 3) as a film that plays for ever, and return its path.

    It is a .webp file, which every browser plays, light, and so not exact: a film is to be looked at. pause:
    milliseconds per frame. Raises files.NotWrittenError as `files.write` does.
    """
    first, *rest = (Image.fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    first.save(buffer, "WEBP", save_all=True, append_images=rest, duration=pause, loop=0, quality=35)
    return files.write(Path(path), buffer.getvalue())
