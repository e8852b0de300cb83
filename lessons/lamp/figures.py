"""The figures of The lamp: maps on pictures, and what they are worth."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, Plot


def dots(
    panels: Mapping[str, Mapping[str, tuple[float, float, float]]],
    alt: str,
    *,
    faint: Sequence[str] = (),
    low: float = 0,
    share: bool = True,
) -> Plot:
    """Panels side by side, by what their axis says: in each a dot for each name, with its 95% interval.

    panels: (value, low, high) by name; all panels have the same names. faint: the controls. low: where the axes begin;
    they end at 1. share: write values as percentages.
    """
    names = list(next(iter(panels.values())))
    figure = Figure(figsize=(max(8, 2.6 * len(panels)), 0.34 * len(names) + 0.9), layout="constrained")
    for ax, (xlabel, values) in zip(
        figure.subplots(1, len(panels), sharey=True, squeeze=False)[0], panels.items(), strict=True
    ):
        for y, name in enumerate(reversed(names)):
            value, start, end = values[name]
            colour = "#888888" if name in faint else ACCENT
            ax.plot([start, end], [y, y], color=colour, linewidth=2)
            ax.plot(value, y, "o", color=colour)
            words = f"{value:.0%}" if share else f"{value:z.2f}"  # z: no "-0.00"
            ax.text(1.02, y, words, va="center", color=colour, transform=ax.get_yaxis_transform())
        ax.set_yticks(range(len(names)), names[::-1])
        ax.set_ylim(-0.6, len(names) - 0.4)
        ax.set_xlim(low, 1)
        if share:
            ax.xaxis.set_major_formatter("{x:.0%}")
        ax.set_xlabel(xlabel)
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(axis="x", color="#dddddd")
    return Plot(figure, alt)


def pixels(maps: Mapping[str, Numbers], alt: str) -> Plot:
    """Maps with a value for each pixel: the mean size over the colours, white for 0, black from the 99th percentile."""
    figure = Figure(figsize=(3 * len(maps), 3.3), layout="constrained")
    for ax, (name, values) in zip(figure.subplots(1, len(maps), squeeze=False)[0], maps.items(), strict=True):
        sizes = np.abs(values).mean(axis=2)
        ax.imshow(sizes, cmap="Greys", vmin=0, vmax=np.percentile(sizes, 99), interpolation="nearest")
        ax.set_title(name, fontsize=10)
        ax.axis("off")
    return Plot(figure, alt)


def under(picture: Picture, maps: Mapping[str, Numbers], alt: str) -> Plot:
    """A picture, pale and grey, under each map: the larger a square's value, the more orange it is, and what is not
    above 0 stays grey. The squares are drawn as they are: nothing is smoothed.
    """
    figure = Figure(figsize=(2.3 * len(maps), 2.6), layout="constrained")
    pale = 0.6 * picture.mean(axis=2, keepdims=True) + 0.4 * 255
    orange = np.array([213, 94, 0])  # ACCENT
    for ax, (name, values) in zip(figure.subplots(1, len(maps)), maps.items(), strict=True):
        share = np.clip(values / values.max(), 0, 1)
        rows, columns = (side // n for side, n in zip(picture.shape[:2], share.shape, strict=True))
        share = 0.85 * share.repeat(rows, axis=0).repeat(columns, axis=1)[..., None]
        ax.imshow(((1 - share) * pale + share * orange).astype(np.uint8))
        ax.set_title(name, fontsize=10)
        ax.axis("off")
    return Plot(figure, alt)
