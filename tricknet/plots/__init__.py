"""The figures. Each function draws what it is given, and returns an image with alternative text.

Exact pictures are in pictures.py, charts in charts.py, and rates with their intervals in intervals.py. A lesson's own
figures are in its package, in figures.py.
"""

from tricknet.plots.charts import Plot
from tricknet.plots.pictures import answers, blink, show, signed
from tricknet.plots.sheet import Box, Sheet, read_back
