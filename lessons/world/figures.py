"""The world's figure: how much of a trick each zoom leaves, and what GoogLeNet says to it."""

from collections.abc import Sequence

from tricknet.colours import grey
from tricknet.counting import Row
from tricknet.plots.charts import ACCENT, Plot, new_axes
from tricknet.plots.intervals import shares_upward


def remains(rows: Sequence[Row], target: str) -> Plot:
    """A curve for each trick: what is left of it at each zoom, in dots that are filled where the target is seen."""
    tricks = {how: [row for row in rows if row["how"] == how] for how in dict.fromkeys(row["how"] for row in rows)}
    figure, ((ax,),) = new_axes(3.4)
    for how, ours in tricks.items():
        ax.plot([row["left"] for row in ours], color=grey(10), linewidth=1, zorder=1)
        for x, row in enumerate(ours):
            edge, face = (ACCENT, ACCENT) if row["answer"] == target else (grey(6), "white")
            ax.plot(x, row["left"], "o", color=face, markeredgecolor=edge, markersize=9)
        ax.text(len(ours) - 0.6, ours[-1]["left"], how, va="center")
    ax.set_xticks(range(len(ours)), [row["zoom"] for row in ours])
    words = f"zoom in per cent (filled: {target})"
    shares_upward(ax, xlim=(-0.5, len(ours) - 0.5), ylim=(0, 1), xlabel=words, ylabel="left of the trick")
    told = (
        f"{row['how']} at {row['zoom']}%: {row['left']:.0%}{f', {target}' * (row['answer'] == target)}" for row in rows
    )
    return Plot(figure, f"What is left of each trick, and where GoogLeNet says {target}. {'; '.join(told)}.")
