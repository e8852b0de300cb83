"""Lesson 14's figures: training while it goes on, shares against epsilon or length, and what each seed learnt."""

from collections.abc import Mapping, Sequence

import numpy as np

from tricknet.arrays import Numbers
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.intervals import share_axis
from tricknet.training import Moment

COLOURS = [PALETTE[5], PALETTE[0], PALETTE[2], PALETTE[6]]


def progress(moments: Sequence[Moment]) -> Plot:
    """Loss and accuracy over the steps of training, so far."""
    figure, ((left, right),) = new_axes(8, 2.8, 2)
    steps = [moment.step for moment in moments]
    left.plot(steps, [moment.loss for moment in moments], color=PALETTE[0], linewidth=2)
    left.set_ylabel("loss")
    left.set_ylim(bottom=0)
    for name, colour, values in (
        ("pictures it learns from", PALETTE[0], [moment.right for moment in moments]),
        ("test pictures", PALETTE[5], [moment.tested for moment in moments]),
    ):
        right.plot(steps, values, color=colour, linewidth=2, label=name)
    right.set_ylabel("share of right answers")
    right.set_ylim(0, 1)
    right.yaxis.set_major_formatter("{x:.0%}")
    right.legend(loc="lower right", frameon=False)
    for ax in (left, right):
        ax.set_xlabel("step")
        plain(ax)
    last = moments[-1]
    return Plot(
        figure,
        f"After {last.step} steps the loss is {last.loss:.2f}, and {last.tested:.1%} of the test pictures are right.",
    )


def lines(
    series: Mapping[str, Mapping[float, Rate]], xlabel: str, ylabel: str, alt: str, *, dashed: Sequence[str] = ()
) -> Plot:
    """One line for each name: shares with their 95% intervals, against a number such as epsilon or the length.

    dashed: the names of controls, which have the colour of what stands before their comma ("plain, shuffled").
    """
    figure, ((ax,),) = new_axes(7.5, 3.6)
    colours = dict(zip([name for name in series if name not in dashed], COLOURS, strict=False))
    for name, rates in series.items():
        colour = colours[name.split(",")[0] if name in dashed else name]
        xs, shares = list(rates), [rate.share for rate in rates.values()]
        ax.fill_between(
            xs, [r.low for r in rates.values()], [r.high for r in rates.values()], color=colour, alpha=0.2, linewidth=0
        )
        style = "--" if name in dashed else "-"
        ax.plot(xs, shares, "o" + style, color=colour, linewidth=2, markersize=4, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.legend(frameon=False)
    plain(ax)
    descriptions = "; ".join(
        f"{name}: " + ", ".join(f"{r.share:.0%} at {x:g}" for x, r in rates.items()) for name, rates in series.items()
    )
    return Plot(figure, f"{alt} {descriptions}.")


def slopes_of_loss(at: Numbers, losses: Mapping[str, Numbers], epsilon: float, alt: str) -> Plot:
    """The loss on each network along a line through a picture. The box is shaded; its worst points are marked."""
    figure, ((ax,),) = new_axes(7, 3.2)
    inside = np.abs(at) <= epsilon
    ax.axvspan(-epsilon, epsilon, color="#eeeeee")
    for (name, curve), colour in zip(losses.items(), COLOURS, strict=False):
        ax.plot(at, curve, color=colour, linewidth=2, label=name)
        worst = np.flatnonzero(inside)[np.argmax(np.asarray(curve)[inside])]
        ax.plot(at[worst], curve[worst], "o", color=colour)
        ax.text(at[worst], curve[worst], f"{curve[worst]:.1f}  ", color=colour, ha="right", va="bottom")
    ax.set_xlabel("how far every value moves (pixel values)")
    ax.set_ylabel("loss")
    ax.set_xlim(at[0], at[-1])
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, loc="upper left")
    plain(ax)
    return Plot(figure, alt)


def seeds(groups: Mapping[str, Sequence[Rate]], xlabel: str, alt: str, *, chance: float) -> Plot:
    """A row for each name, in it a dot for each seed and the range in words. A dotted line marks a guesser's share."""
    figure, ((ax,),) = new_axes(8, 0.9 + 0.55 * len(groups))
    ax.axvline(chance, color="#666666", linewidth=1, linestyle=":")
    ax.text(chance, -0.62, " a guess", color="#666666", fontsize=9)
    descriptions = []
    for row, ((name, rates), colour) in enumerate(zip(groups.items(), COLOURS, strict=False)):
        shares = sorted(rate.share for rate in rates)
        ax.plot(shares, [row] * len(shares), "o", color=colour, markersize=8, alpha=0.5, clip_on=False)
        words = f"{shares[0]:.1%} to {shares[-1]:.1%}"
        ax.text(max(shares[-1], chance) + 0.02, row, words, color=colour, va="center")
        descriptions.append(f"{name}: {words} in {len(shares)} trainings")
    ax.set_ylim(len(groups) - 0.5, -0.5)
    share_axis(ax, list(groups), xlabel)
    return Plot(figure, f"{alt} {'; '.join(descriptions)}.")
