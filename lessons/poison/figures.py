"""Lesson 15's figure: clouds of activations."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Numbers
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain


def clouds(panels: Mapping[str, tuple[Numbers, npt.NDArray[np.bool_]]], names: tuple[str, str], alt: str) -> Plot:
    """Charts side by side, each with a dot per picture. panels: {title: (n x 2 places, which have the second name)}."""
    figure, (axes,) = new_axes(2.6, len(panels))
    for ax, (title, (at, second)) in zip(axes, panels.items(), strict=True):
        for name, inside, colour in zip(names, (~second, second), (PALETTE[4], PALETTE[5]), strict=True):
            ax.plot(*at[inside].T, ".", color=colour, markersize=4, label=name)
        ax.set(title=title, xticks=[], yticks=[])
        plain(ax, grid=False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return Plot(figure, alt)
