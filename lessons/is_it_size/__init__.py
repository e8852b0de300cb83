"""Is it size? More pixels make a linear classifier easier to fool only if it is left free to waste them."""

from tricknet.counting import Tables

table = Tables("is_it_size")
