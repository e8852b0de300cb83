"""The figures. Each function draws what it is given, computes nothing, and returns an image with alternative text.

Exact pictures are in pictures.py, charts in charts.py, and each lesson's own figures in a file named after its topic.
"""

from tricknet.plots.charts import Plot, bars
from tricknet.plots.pictures import animate, answers, blink, show, signed
from tricknet.plots.sheet import Box, Sheet, read_back
