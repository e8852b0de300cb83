"""Lesson 13, Dreams: a bison from nothing but a gradient."""

from tricknet.counting import Tables

table = Tables("dreams")
