"""The lab: choose or upload a picture, choose a class, watch the picture turn into it, and save the result.

`Lab(model)` as the last line of a cell shows it. lab.py does what the controls say. panel.py puts the parts together,
each of which has its own controls: shelf.py, goal.py, sticker.py, screen.py, keep.py. run.py takes the steps,
and shares the time between steps and drawings. view.py is the HTML, lab.css the looks.
"""

from tricknet.course.lab.lab import Lab as Lab
