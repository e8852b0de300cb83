"""Lesson 9's figures: what was added to a panda's leg, and an exam."""

from collections.abc import Mapping

from tricknet.arrays import Numbers, Picture
from tricknet.counting import Rate
from tricknet.plots.charts import Plot, new_axes
from tricknet.plots.intervals import SHADES, in_words, key, share_axis
from tricknet.plots.pictures import signed

LEG = slice(124, 212), slice(116, 204)  # rows and columns of the panda's leg


def grain(perturbation: Numbers, scale: float) -> Picture:
    """The leg of a perturbation (height x width x 3), as the mean of its colours: white is +scale, black -scale."""
    return signed(perturbation.mean(axis=2)[LEG], scale) // 16 * 17  # 16 greys take half the bytes


def exam(parts: Mapping[str, Mapping[str, Mapping[str, Rate]]]) -> Plot:
    """A row for each change: the share of each kind of trick that survives it, with its 95% interval.

    parts: {heading: {change: {kind: rate}}}; every change has the same kinds.
    """
    rows = [row for heading, changes in parts.items() for row in ((heading, None), *changes.items())]
    kinds = next(rates for _, rates in rows if rates)
    figure, ((ax,),) = new_axes(0.9 + 0.36 * len(rows))
    for y, (name, rates) in enumerate(rows):
        ax.text(-0.03, y, name, ha="right", va="center", weight="normal" if rates else "bold")
        for by, colour, (kind, rate) in zip((-0.19, 0.19), SHADES[1:], (rates or {}).items(), strict=False):
            ax.plot([rate.low, rate.high], [y + by] * 2, color=colour, linewidth=2, alpha=0.5, solid_capstyle="butt")
            ax.plot([rate.share], [y + by], "o", color=colour, markersize=6, label=kind)
            ax.text(1.04, y + by, f"{rate.k} of {rate.n}", color=colour, va="center")
    ax.set(ylim=(len(rows) - 0.5, -0.5), yticks=[])
    ax.spines[["left", "top", "right"]].set_visible(False)
    share_axis(ax, "share that survives, with 95% intervals")
    key(ax, len(kinds))
    return Plot(figure, f"{in_words({name: rates for name, rates in rows if rates})}.")
