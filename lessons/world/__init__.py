"""The world: tricks on a real screen, and what ten shots can tell."""

from tricknet.counting import Tables

table = Tables("world")
