"""Lesson 8, One pixel: a vulture that a move of one pixel takes away, and one of eight brings back."""

from tricknet.counting import Tables

table = Tables("one_pixel")
