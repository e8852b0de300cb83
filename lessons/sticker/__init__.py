"""Lesson 10, One sticker for everything: thirty photographs are toasters; a bunch of real bananas isn't."""

from tricknet.counting import Tables

table = Tables("sticker")
