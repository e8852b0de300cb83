"""The figures of The lamp: maps on pictures, and how alike two maps are."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from tricknet.arrays import Numbers, Picture
from tricknet.evidence import interval
from tricknet.plots.charts import ACCENT, Plot, new_axes, plain


def alike(rows: Mapping[str, Mapping[str, Sequence[float]]]) -> Plot:
    """A row for each map, and in it, for each series, the mean of its correlations with their 95% interval.

    rows: {map: {series: correlations, -1 to 1}}; all rows have the same series, and the first of them is in colour.
    """
    figure, ((ax,),) = new_axes(8, 0.9 + 0.42 * len(rows))
    descriptions = []
    for y, (name, series) in enumerate(rows.items()):
        for (against, values), colour in zip(series.items(), (ACCENT, "#777777"), strict=True):
            middle, y_of = np.mean(values), y - 0.14 + 0.28 * (colour != ACCENT)
            words = f"{middle:z.2f}".replace("-", "−")
            ax.plot(interval(values), [y_of, y_of], color=colour, linewidth=2, alpha=0.5)
            ax.plot(middle, y_of, "o", color=colour, label=against if y == 0 else None)
            ax.text(1.03, y_of, words, color=colour, fontsize=8, va="center")
            descriptions.append(f"{name}, {against}: {words}")
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-0.5, 1)
    ax.set_xlabel("rank correlation of the 49 squares, with 95% intervals")
    ax.axvline(0, color="#bbbbbb", linewidth=1)
    plain(ax, grid=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return Plot(figure, "; ".join(descriptions) + ".")


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
