"""The figures. Each function draws what it is given, and returns an image with alternative text.

Exact pictures are in pictures.py, charts in charts.py, rates in intervals.py, and a lesson's own in its figures.py.
"""

from tricknet.plots.charts import Plot
from tricknet.plots.pictures import answers, blink, show, signed
from tricknet.plots.sheet import Box, Sheet, read_back
