"""A proof against stickers: votes of which a small patch can touch only a few."""

from tricknet.counting import Tables

table = Tables("sticker_proof")
