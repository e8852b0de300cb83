"""Lesson 16's figures: where a mark works, and clouds of activations."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Numbers
from tricknet.colours import RED, SKY
from tricknet.plots.charts import Plot, new_axes, plain


def places(panels: Mapping[str, Numbers], side: int, learnt: tuple[int, int], alt: str) -> Plot:
    """Maps of where a square mark works. panels: {title: shares, a row for each top edge, a column for each left edge}.

    side: of the mark, in pixels. learnt: the top and left edge that it had in training, which gets an arrow.
    """
    figure, (axes,) = new_axes(2.8, len(panels))
    for ax, (title, shares) in zip(axes, panels.items(), strict=True):
        drawn = ax.imshow(shares, cmap="Oranges", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=title, xlabel=f"left edge of the {side} × {side} mark")
    top, left = learnt
    axes[0].annotate("learnt here", (left, top), (left - 12, top - 9), arrowprops={"arrowstyle": "->"})
    axes[0].set_ylabel("its top edge")
    figure.colorbar(drawn, ax=axes, format="{x:.0%}", label="clothes that are bags")
    return Plot(figure, alt)


def clouds(panels: Mapping[str, tuple[Numbers, npt.NDArray[np.bool_]]], names: tuple[str, str], alt: str) -> Plot:
    """Charts side by side, each with a dot per picture. panels: {title: (n x 2 places, which have the second name)}."""
    figure, (axes,) = new_axes(2.6, len(panels))
    for ax, (title, (at, second)) in zip(axes, panels.items(), strict=True):
        for name, inside, colour in zip(names, (~second, second), (SKY, RED), strict=True):
            ax.plot(*at[inside].T, ".", color=colour, markersize=4, label=name)
        ax.set(title=title, xticks=[], yticks=[])
        plain(ax, grid=False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return Plot(figure, alt)
