"""Lesson 3's figures: the way from one class to another, and a face from several pictures."""

from collections.abc import Sequence

from tricknet.arrays import Floats, Picture
from tricknet.networks.labels import Labels
from tricknet.plots.charts import FAINT, Plot, draw_steps, leading, new_axes, settled
from tricknet.plots.pictures import show
from tricknet.plots.sheet import Sheet

FACE = (slice(80, 130), slice(20, 80))  # the panda's


def walk(history: Floats, labels: Labels, *, k: int = 6) -> Plot:
    """The k classes with the highest peaks, until their probabilities have settled. history: steps x classes."""
    classes = [c for c in leading(history, k) if history[:, c].max() > FAINT]
    figure, ((ax,),) = new_axes(3.4)
    draw_steps(ax, history[: settled(history, classes) + 1], classes, labels)
    peaks = ", ".join(f"{labels[c]} {history[:, c].max():.1%} at step {history[:, c].argmax()}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps. The highest peaks: {peaks}.")


def faces(pictures: Sequence[Picture]) -> Sheet:
    """The panda's face from each picture, enlarged; only a number says which, so that the reader can judge."""
    titles = [f"picture {n}" for n in range(len(pictures))]
    alt = f"The panda's face, {', '.join(titles)}. Grain appears in the last ones."
    return show([picture[FACE] for picture in pictures], titles, alt, enlarge=4, columns=3)
