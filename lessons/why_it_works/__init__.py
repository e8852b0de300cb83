"""Lesson 5, Why it works on a network: a panda drowned in noise is still a panda; one that looks clean isn't."""

from tricknet.counting import Tables

table = Tables("why_it_works")
