"""Lesson 7, The lab: a picture of yours, any class, and the steps as they happen.

`Lab(model)` as the last line of a cell shows it.
"""

from lessons.lab.lab import LAB_METHODS as LAB_METHODS
from lessons.lab.lab import Lab as Lab
