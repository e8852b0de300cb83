"""Lesson 3's figure: the way from one class to another."""

from tricknet.arrays import Floats
from tricknet.networks.labels import Labels
from tricknet.plots.charts import FAINT, Plot, draw_steps, leading, new_axes


def curves(history: Floats, labels: Labels, *, k: int = 6) -> Plot:
    """The k classes with the highest peaks. history: steps x classes."""
    classes = [c for c in leading(history, k) if history[:, c].max() > FAINT]
    figure, ((ax,),) = new_axes(3.4)
    draw_steps(ax, history, classes, labels)
    peaks = ", ".join(f"{labels[c]} {history[:, c].max():.1%} at step {history[:, c].argmax()}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps. The highest peaks: {peaks}.")
