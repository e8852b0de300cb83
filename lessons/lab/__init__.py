"""Lesson 7, The lab: a picture of yours, any class, and the steps as they happen.

`Lab(model)` as the last line of a cell shows it. run.py takes the steps, view.py is what there is to click and to see,
and lab.py connects the two.
"""

from lessons.lab.lab import Lab as Lab
from lessons.lab.run import WALKS as WALKS
