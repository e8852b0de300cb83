"""Lesson 16: its exercises tell right from wrong, and its cases are what it says they are."""

import pytest

from lessons.visible_vulture import table
from lessons.visible_vulture.check import check
from tricknet import images, trick
from tricknet.attacks.trick import Trick

PANDA = images.load("panda")


def painted(after, model):
    """What `paint` would give, with gradients of this model, if it ended at the picture `after`."""
    history = [prediction.probabilities for prediction in model.predict([PANDA, after])]
    path = zip([PANDA, after], history, strict=True)
    return Trick.of(path, {23}, epsilon=255, model=model, gradients=1, best_index=1)


def test_the_exercises_tell_right_from_wrong(googlenet, squeezenet, refused):
    refused("16.1", (8 * "A",), ("ABC",))
    fooled = trick(squeezenet, PANDA, "vulture", steps=10)
    answer, too_far = (painted(after, googlenet) for after in (fooled.after, images.load("vulture")))
    assert check("16.2", answer, "vulture")
    refused("16.2", (fooled, "vulture"), (answer, "giant panda"), (answer, "goldfish"), (too_far, "vulture"))


def test_every_way_was_tried_on_the_same_held_out_photographs():
    rows = table("paint")
    ways = {way: [row["picture"] for row in rows if row["way"] == way] for way in {row["way"] for row in rows}}
    assert len(ways) == 5 and {*map(tuple, ways.values())} == {images.HELD_OUT[: len(rows) // 5]}


@pytest.mark.parametrize("way", ["neither", "noise", "prior", "both"])
def test_the_four_ways_are_compared_at_one_length(way):
    assert all(row["length"] == pytest.approx(10_000, rel=0.08) for row in table("paint") if row["way"] == way)
