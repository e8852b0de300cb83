"""Templates of a linear classifier, one row per classifier: lesson 13, where training makes them smaller and calmer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from tricknet.plots.charts import Plot


def templates(rows: Mapping[str, npt.NDArray[Any]], alt: str = "") -> Plot:
    """The templates of each classifier (classes x height x width), all of them on one common scale, with its key."""
    largest = max(float(np.abs(row).max()) for row in rows.values())
    classes = len(next(iter(rows.values())))
    figure = Figure(figsize=(0.85 * classes + 1, 0.95 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), classes, squeeze=False)
    for (name, row), axes in zip(rows.items(), grid, strict=True):
        for digit, (ax, template) in enumerate(zip(axes, row, strict=True)):
            drawn = ax.imshow(template, cmap="PuOr_r", vmin=-largest, vmax=largest)
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set_color("#cccccc")
            if ax in grid[0]:
                ax.set_title(str(digit), fontsize=9)
        axes[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    figure.colorbar(drawn, ax=grid, shrink=0.8, label="weight")
    return Plot(figure, alt)
