"""Lesson 9: its table can be counted again."""

import pytest

from evidence import sticker as experiment
from lessons.sticker import table
from lessons.sticker.stickers import rivals, worn
from tricknet import images


@pytest.mark.long
def test_what_the_lesson_counts_can_be_counted_again(googlenet):
    """A third of the table's row for 15%: the sticker is a banana, and the bananas and the shuffled sticker are not."""
    held_out = images.load_all(images.HELD_OUT[:10])
    for kind, what in rivals("banana").items():
        again = list(experiment.ask(googlenet, "banana", kind, 0.15, worn(held_out, what, 0.15)))
        seen = sum(row["plain"] for row in again)
        assert seen >= 8 if kind == "sticker" else seen <= 1
        setting = {"network": "GoogLeNet", "sticker": "banana", "kind": kind, "share": 0.15}
        stored = [row for row in table("stickers") if setting.items() <= row.items()]
        assert [row["picture"] for row in stored] == list(images.HELD_OUT)
        assert abs(seen - sum(row["plain"] for row in stored[:10])) <= 2  # other processors may round otherwise
