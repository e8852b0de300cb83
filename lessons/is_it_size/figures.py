"""Is it size? Its chart: epsilon, and how much is learnt by heart, against the pixels, at each price of weights."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps

from tricknet.colours import grey
from tricknet.counting import Row
from tricknet.plots.charts import Plot, new_axes, plain


def fan(tasks: Mapping[str, Sequence[Row]], above: str, below: str) -> Plot:
    """A column for each task, against its pixels: epsilon at each price and, below, accuracy at the first and the last.

    Lines are means, and dots are seeds. above, below: the titles of the two rows.
    """
    figure, axes = new_axes(6.4, len(tasks), 2)
    alts = []
    for (task, rows), upper, lower in zip(tasks.items(), *axes, strict=True):
        prices, sizes = (sorted({row[column] for row in rows}) for column in ("cheaper", "pixels"))
        seeds = [[[row for row in rows if (row["cheaper"], row["pixels"]) == (p, s)] for s in sizes] for p in prices]
        epsilons, trained, right = (
            np.array([[[row[column] for row in cell] for cell in line] for line in seeds])
            for column in ("epsilon", "trained", "right")
        )
        colours = colormaps["plasma"](np.linspace(0, 0.8, len(prices)))
        for price, values, colour in zip(prices, epsilons, colours, strict=True):
            end, words = values[-1].mean(), f" 1/{price:,}" if price > 1 else " full price"
            _dots_and_line(upper, sizes, values, color=colour)
            upper.annotate(words, (sizes[-1], end), color=colour, va="center", fontsize=8)
            alts.append(f"{task},{words}, from one pixel to {sizes[-1]:,}: epsilon {values[0].mean():.1f} to {end:.1f}")
        for k in (0, -1):  # the full price and the cheapest; one pixel and the largest size
            (full, cheap), at = epsilons[[0, -1], k].mean(axis=1), sizes[k]
            upper.annotate("", (at, cheap), (at, full), arrowprops={"arrowstyle": "->", "color": grey(5)})
            upper.text(at, 0.75, f"÷ {full / cheap:.1f}", ha="center")
            _dots_and_line(lower, sizes, trained[k], color=colours[k], linestyle="--")
            _dots_and_line(lower, sizes, right[k], color=colours[k])
            gap = trained[k].mean(axis=1), right[k].mean(axis=1)
            lower.fill_between(sizes, *gap, color=colours[k], alpha=0.15)
        upper.set(title=task, yscale="log", ylim=(0.6, 40), yticks=(ticks := [1, 2, 5, 10, 20]), yticklabels=ticks)
        lower.set(ylim=(0, 1.03), xlabel="pixels")
        lower.yaxis.set_major_formatter("{x:.0%}")
    axes[0, 0].set_ylabel("epsilon that fools half")
    axes[1, 0].set_ylabel("right: dashed, in training;\nsolid, held out")
    figure.suptitle(above, fontsize=11)
    axes[1, 0].set_title(below, fontsize=11, loc="left", pad=12)
    return Plot(figure, f"{above}. {below}. {'; '.join(alts)}.".replace("\n", " "))


def _dots_and_line(ax: Any, sizes: Sequence[int], values: Any, **look: Any) -> None:
    """Dots for the seeds of each size, and a line through their means."""
    ax.plot(sizes, values, ".", color=look["color"], markersize=4, alpha=0.3)
    ax.plot(sizes, values.mean(axis=1), **look)
    ax.set(xscale="log", xlim=(sizes[0] / 3, 2 * sizes[-1]))
    ax.set_xticks(sizes, [*map(str, sizes[:-2]), "", str(sizes[-1])], fontsize=8)
    ax.minorticks_off()
    plain(ax)
