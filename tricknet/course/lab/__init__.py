"""The lab: choose or upload a picture, choose a class, watch the picture turn into it, and save the result.

`Lab(model)` as the last line of a cell shows it. lab.py does what the controls say, panel.py has the controls and
whatever else there is to see, view.py its HTML, lab.css its looks; run.py shares the time between steps and drawings.
"""

from tricknet.course.lab.lab import Lab as Lab
