"""Lesson 17, A vulture you can see: make hiding impossible, and the trick paints."""

from tricknet.counting import Tables

table = Tables("visible_vulture")
