"""You may only ask: an attack that sees nothing of a network but its first answer."""

from tricknet.counting import Tables

table = Tables("asking")
