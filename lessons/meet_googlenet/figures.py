"""Lesson 1's figures: what the layers make of a picture, and what a coin gets in a test of your eyes."""

from collections.abc import Mapping
from math import comb

import numpy as np

from tricknet.arrays import Floats
from tricknet.plots.charts import ACCENT, PLAIN, Plot, new_axes
from tricknet.plots.intervals import shares_upward


def channels(layers: Mapping[str, Floats], k: int = 8) -> Plot:
    """A row for each layer (height x width x channels): the k channels that vary most, black at 0, white at most."""
    figure, axes = new_axes(1.2 * len(layers), k, len(layers), width=7.5)
    for row, (name, activations) in zip(axes, layers.items(), strict=True):
        tall, wide, n = activations.shape
        for ax, channel in zip(row, np.argsort(-activations.std(axis=(0, 1)))[:k], strict=True):
            ax.imshow(activations[..., channel], cmap="gray", vmin=0)
            ax.axis("off")
            ax.set_title(" ", fontsize=14)
        words = row[0].text(0, 1.08, f"{name}: {n} channels of {tall} × {wide}", fontsize=14)
        words.set(transform=row[0].transAxes, in_layout=False)
    rows = ", ".join(f"{name} ({a.shape[2]} channels of {a.shape[0]} x {a.shape[1]})" for name, a in layers.items())
    return Plot(figure, f"Grey pictures, {k} channels of each layer: {rows}. They get smaller and coarser.")


def tosses(trials: int, right: int | None = None) -> Plot:
    """How often a tossed coin is right 0, 1, 2, ... times in so many trials. right: your own result, in a colour."""
    figure, ((ax,),) = new_axes(2.6)
    shares = [comb(trials, k) / 2**trials for k in range(trials + 1)]
    bars = ax.bar(range(trials + 1), shares, color=PLAIN)
    ax.set_title(f"If a coin answered: how often is it right in {trials} trials?", fontsize=10)
    shares_upward(ax, xlabel="right answers", xticks=range(trials + 1))
    alt = (
        f"Bars: how often a coin is right in {trials} trials. The tallest, {max(shares):.0%}, is at {trials // 2}, and "
        f"there is hardly anything at 0 or {trials}."
    )
    if right is not None:
        bars[right].set_color(ACCENT)
        ax.annotate("you", (right, shares[right]), (0, 3), textcoords="offset points", ha="center", color=ACCENT)
        ax.set_ylim(0, 1.15 * max(shares))
        alt += f" You were right {right} times, which a coin is in {shares[right]:.1%} of the tests."
    return Plot(figure, alt)
