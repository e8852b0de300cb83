"""Lesson 3's figures: pictures that look alike, the way from one class to another, and changes magnified."""

from collections.abc import Mapping, Sequence
from typing import Any

from tricknet.arrays import Floats, Numbers, Picture
from tricknet.attacks.trick import Trick
from tricknet.networks.labels import Labels
from tricknet.plots.charts import FAINT, Plot, draw_steps, leading, new_axes, settled
from tricknet.plots.pictures import show, signed
from tricknet.plots.sheet import Sheet

FACE = (slice(80, 130), slice(20, 80))  # the panda's
DETAIL = (slice(78, 150), slice(16, 88))  # a little more of it


def row(tricks: Sequence[Trick]) -> Sheet:
    """One picture, and beside it what several tricks have made of it, each below its most probable class."""
    titles = [str(tricks[0].prediction_before), *(str(trick.prediction_after) for trick in tricks)]
    pictures = [tricks[0].before, *(trick.after for trick in tricks)]
    return show(pictures, titles, f"{len(pictures)} pictures that look the same: {', '.join(titles)}")


def walk(history: Floats, labels: Labels, *, k: int = 6) -> Plot:
    """The k classes with the highest peaks, until their probabilities have settled. history: steps x classes."""
    classes = [c for c in leading(history, k=k) if history[:, c].max() > FAINT]
    figure, ((ax,),) = new_axes(7.5, 3.4)
    draw_steps(ax, history[: settled(history, classes) + 1], classes, labels)
    peaks = ", ".join(f"{labels[c]} {history[:, c].max():.1%} at step {history[:, c].argmax()}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps. The highest peaks: {peaks}.")


def faces(pictures: Sequence[Picture], epsilons: Sequence[int]) -> Sheet:
    """The panda's face from each picture, enlarged, with the epsilon of the picture."""
    titles = [f"epsilon {epsilon}" if epsilon else "untouched" for epsilon in epsilons]
    alt = f"The panda's face, {', '.join(titles)}. Grain appears in the last ones."
    return show([picture[FACE] for picture in pictures], titles, alt, enlarge=4, columns=3)


def magnified(changes: Mapping[str, Numbers], scale: float = 8) -> Sheet:
    """A piece of each change (height x width x 3, in pixel values), enlarged, by its title.

    Grey is no change. Black and white are changes by `scale` or more, down and up.
    """
    pieces: list[Any] = [signed(change[DETAIL], scale) for change in changes.values()]
    alt = f"Two pieces of grey with changes in them, magnified alike: {', '.join(changes)}."
    return show(pieces, list(changes), alt, enlarge=5)
