"""Lesson 15, A better network: the sneaker grows a handle."""

from tricknet.counting import Tables

table = Tables("better_network")
