"""Lesson 1's figures: what the layers make of a picture, and a test of your own eyes."""

from collections.abc import Mapping
from math import comb

import numpy as np

from tricknet.arrays import Floats, Picture
from tricknet.island import Island
from tricknet.plots.charts import PLAIN, Plot, new_axes
from tricknet.plots.intervals import shares_upward

TRIALS = 10
COINS = [comb(TRIALS, k) / 2**TRIALS for k in range(TRIALS + 1)]  # how often a coin is right so many times


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


def eyes(pictures: Mapping[str, Picture]) -> Island:
    """A test of your own eyes: TRIALS times a coin chooses one of two pictures, and you say which it is.

    pictures: two (uint8, height x width x 3) by the names on their buttons; they are shown exactly. Where there is no
    kernel, what a coin gets is shown instead.
    """
    state = {"pictures": [*pictures.items()], "verdicts": [verdict(right) for right in range(TRIALS + 1)]}
    text = f"{' or '.join(pictures).capitalize()}? Run this cell, and find out how many of {TRIALS} you get right."
    return Island("eyes", state | {"coins": COINS}, still=tosses(), text=text)


def tosses() -> Plot:
    """How often a tossed coin is right 0, 1, 2, ... times in TRIALS trials."""
    figure, ((ax,),) = new_axes(2.6)
    ax.bar(range(TRIALS + 1), COINS, color=PLAIN)
    ax.set_title(f"If a coin answered: how often is it right in {TRIALS} trials?", fontsize=10)
    shares_upward(ax, xlabel="right answers", xticks=range(TRIALS + 1))
    alt = (
        f"Bars: how often a coin is right in {TRIALS} trials. The tallest, {max(COINS):.0%}, is at {TRIALS // 2}, and "
        f"there is hardly anything at 0 or {TRIALS}."
    )
    return Plot(figure, alt)


def verdict(right: int) -> str:
    """The result of TRIALS trials, and what it means: what a coin would get as often, or hardly ever."""
    coins = sum(COINS[right:] if right >= TRIALS / 2 else COINS[: right + 1])  # that get as far from the half
    result = f"You were right {'once' if right == 1 else f'{right} times'} out of {TRIALS}. "
    if coins > 0.1:
        return result + "A coin does as well."
    once = f"once in {round(1 / coins)} tests"
    if right > TRIALS / 2:
        return result + f"A coin does that well only {once}. Luck, or sharp eyes? Ten new ones will tell."
    return result + f"A coin does that badly only {once}. Bad luck, or do you see it and mix up the names?"
