"""The world: tricks on a real screen, and what ten shots can tell."""

from tricknet.evidence import Tables

table = Tables("world")
