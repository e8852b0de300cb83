"""Lesson 15, A better network: a T-shirt grows legs."""

from tricknet.counting import Tables

table = Tables("better_network")
