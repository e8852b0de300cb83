"""Is it size? Its chart: epsilon against the pixels, at each price of weights."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps

from tricknet.counting import Row
from tricknet.plots.charts import Plot, new_axes, plain


def fan(tasks: Mapping[str, Sequence[Row]], title: str) -> Plot:
    """A chart for each task: epsilon against its pixels at each price. Lines are means, and dots are seeds."""
    figure, (axes,) = new_axes(3.8, len(tasks))
    alts = []
    for ax, (task, rows) in zip(axes, tasks.items(), strict=True):
        prices, sizes = (sorted({row[column] for row in rows}) for column in ("cheaper", "pixels"))
        for price, colour in zip(prices, colormaps["plasma"](np.linspace(0, 0.75, len(prices))), strict=True):
            cells = [[row["epsilon"] for row in rows if (row["cheaper"], row["pixels"]) == (price, s)] for s in sizes]
            means, words = np.mean(cells, axis=1), f"÷ {price:,}" if price > 1 else "full price"
            ax.plot(sizes, cells, ".", color=colour, markersize=4, alpha=0.3)
            ax.plot(sizes, means, color=colour)
            ax.annotate(f" {means[-1]:.1f} ({words})", (sizes[-1], means[-1]), color=colour, va="center", fontsize=10)
            if price in (1, prices[-1]):
                ax.annotate(f"{means[0]:.1f} ", (1, means[0]), color=colour, va="center", ha="right", fontsize=10)
            alts.append(f"{task}, {words}: {means[0]:.1f} with one pixel, {means[-1]:.1f} with {sizes[-1]}")
        ax.set(title=task, yscale="log", ylim=(2, 40), yticks=(ticks := [2, 5, 10, 20]), yticklabels=ticks)
        ax.set(xscale="log", xlim=(0.12, 1500), xlabel="pixels")
        ax.set_xticks(sizes[::2], sizes[::2])
        ax.minorticks_off()
        plain(ax)
    axes[0].set_ylabel("epsilon that fools half")
    figure.suptitle(title, fontsize=11)
    return Plot(figure, f"{title}: {'; '.join(alts)}.".replace("\n", " "))
