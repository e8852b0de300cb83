"""The figures. Each function draws what it is given, computes nothing, and returns a picture with words for those who
cannot see it. Pictures are in pictures.py, charts in charts.py, and a lesson's own figures in a file named after them.
"""

from tricknet.plots.charts import COLOURS, PALETTE, Plot, bars, draw_steps, leading, plot_steps
from tricknet.plots.pictures import animate, compare, show, show_gradient, signed

__all__ = [
    "COLOURS",
    "PALETTE",
    "Plot",
    "animate",
    "bars",
    "compare",
    "draw_steps",
    "leading",
    "plot_steps",
    "show",
    "show_gradient",
    "signed",
]
