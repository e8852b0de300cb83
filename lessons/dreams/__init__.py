"""Lesson 12, Dreams: a bison from nothing but a gradient."""

from tricknet.evidence import Tables

table = Tables("dreams")
