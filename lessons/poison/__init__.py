"""Lesson 16, Shortcuts and poison: a corner of nine white pixels becomes the answer, by a lie or by habit."""

from tricknet.counting import Tables

table = Tables("poison")
