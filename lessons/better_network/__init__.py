"""Lesson 14, A better network: the sneaker grows a handle."""

from tricknet.evidence import Tables

table = Tables(__file__)
