"""Lesson 10, Other networks: nine pandas, three vultures."""

from tricknet.evidence import Tables

table = Tables("other_networks")
