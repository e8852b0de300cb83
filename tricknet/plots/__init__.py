"""The figures. Each function draws what it is given, computes nothing, and returns a picture with words for those who
cannot see it. Pictures are in pictures.py, charts in charts.py, and a lesson's own figures in a file named after them.
"""

from tricknet.plots.charts import ACCENT, COLOURS, PALETTE, Plot, bars, draw_steps, leading, plot_steps
from tricknet.plots.pictures import animate, answers, blink, compare, show, show_gradient, signed, wall
from tricknet.plots.sheet import Box, Sheet, read_back

__all__ = [
    "ACCENT",
    "COLOURS",
    "PALETTE",
    "Box",
    "Plot",
    "Sheet",
    "animate",
    "answers",
    "bars",
    "blink",
    "compare",
    "draw_steps",
    "leading",
    "plot_steps",
    "read_back",
    "show",
    "show_gradient",
    "signed",
    "wall",
]
