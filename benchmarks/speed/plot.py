"""The times of a step as a picture: docs/speed.png, drawn from benchmarks/tables/speed.csv."""

import numpy as np

from benchmarks.speed.report import STEPS, Rows, measured, median
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

PANELS = ("1 thread", "2 threads", "2 threads, a core taken")
NAMES = {
    "article": "the article's loop",
    "stock": "our step on Caffe's own layers",
    "torch": "PyTorch, out of the box",
    "torch-best": "PyTorch, at its best",
    "no-onednn": "fast layers, without oneDNN",
    "avx2": "fast layers, AVX2 only",
    "no-winograd": "fast layers, without Winograd",
    "fast": "fast layers",
    "trick": "a whole step of trick",
    "limit": "the multiplications alone",
}
TICKS = (30, 100, 300, 1000, 3000)  # milliseconds
GREY, ORANGE, BLUE = PALETTE[6], PALETTE[1], PALETTE[0]
COLOURS = {"article": GREY, "stock": GREY, "torch": ORANGE, "torch-best": ORANGE, "limit": "#000000"}


def plot(rows: Rows) -> Plot:
    """A panel for each setting, in it a dot for each rival: the median of its times, with the middle half as a line.

    The times differ by a factor of a hundred where a core is taken, so their axis is logarithmic.
    """
    figure, (axes,) = new_axes(10, 3.9, columns=len(PANELS))
    times = [row["ms"] for row in rows if row["work"] == "step" and row["batch"] == 1 and row["rival"] in NAMES]
    for ax, title in zip(axes, PANELS, strict=True):
        for y, rival in enumerate(NAMES):
            turns = measured(rows, rival, **STEPS[title])
            if not turns:
                continue
            low, middle, high = np.percentile(list(turns.values()), (25, 50, 75))
            colour = COLOURS.get(rival, BLUE)
            ax.plot([low, high], [y, y], color=colour, linewidth=2)
            ax.plot(middle, y, "o", color=colour)
            ax.annotate(median(turns), (high, y), (7, 0), textcoords="offset points", va="center", fontsize=9)
            if rival == "limit":
                ax.axvline(middle, color="black", linewidth=0.8, linestyle=":")
        ax.set_title(title, fontsize=10)
        ax.set_xscale("log")
        ax.set_xlim(0.7 * min(times), 3.5 * max(times))
        ax.set_xticks(TICKS, [str(ms) for ms in TICKS])
        ax.minorticks_off()
        ax.set_ylim(len(NAMES) - 0.4, -0.6)
        ax.set_yticks(range(len(NAMES)), NAMES.values() if ax is axes[0] else [""] * len(NAMES))
        ax.tick_params(axis="y", length=0)
        plain(ax, grid=False)
    axes[1].set_xlabel(
        "milliseconds per step, on a logarithmic axis. Line: the middle half. Dotted: the multiplications alone"
    )
    return Plot(figure, alt(rows))


def alt(rows: Rows) -> str:
    """The picture in words. The table beside it has all the numbers."""
    some = ("article", "stock", "torch-best", "trick", "limit")
    said = "; ".join(f"{NAMES[rival]} {median(measured(rows, rival, **STEPS['2 threads']))}" for rival in some)
    return (
        "Dots at the milliseconds per step of each rival, on one thread, on two, and on two with a core taken. The "
        f"table below has the numbers. On two threads: {said}."
    )
