"""Lesson 8, Does it survive? What is left of a trick when the picture goes out into the world."""

from tricknet.counting import Tables

table = Tables("does_it_survive")
