"""Lesson 11, Other networks: nine pandas, three vultures."""

from tricknet.counting import Tables

table = Tables("other_networks")
