"""Bugs or features? What networks learn from nothing but tricks under wrong labels."""

from tricknet.counting import Tables

table = Tables("bugs_or_features")
