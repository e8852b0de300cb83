"""Lesson 9's figure: where a sticker works."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import PALETTE, Plot, new_axes


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
            ax.add_patch(Circle((x, y), radius, facecolor=PALETTE[5], edgecolor="white", linewidth=0.8))
        corner = (size / 2 + 4,) * 2
        ax.add_patch(Circle(corner, size / 2, fill=False, edgecolor="white", linestyle="--", linewidth=1.5))
        ax.set(xlim=(0, picture.shape[1]), ylim=(picture.shape[0], 0), xticks=[], yticks=[])
        ax.set_title(title, fontsize=14)
    return Plot(figure, alt)
