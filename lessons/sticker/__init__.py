"""Lesson 10, One sticker for everything: thirty photographs are toasters, and real bananas win none."""

from tricknet.counting import Tables

table = Tables("sticker")
