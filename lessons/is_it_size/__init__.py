"""Is it size? A linear classifier is easy to fool if it has many pixels and cheap weights."""

from tricknet.counting import Tables

table = Tables("is_it_size")
