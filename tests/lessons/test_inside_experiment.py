"""Lesson 11's experiment: its controls are controls, and its rows add up."""

import pytest

from lessons.inside import experiment as benchmark
from lessons.inside import inside, table
from tricknet import images
from tricknet.attacks.trick import trick


def test_what_is_put_back_leads_from_the_trick_to_the_photograph():
    """With nothing put back it is what the trick made, and with everything the photograph, which is no vulture."""
    rows = table("patched")
    assert {row["photograph"] for row in rows} == {*images.EVIDENCE, *images.HELD_OUT} - inside.BIRDS
    for row in rows:
        put_in = row["what"] == "put in"
        assert (row["0"], row["100"]) == ((0, row["fooled"]) if put_in else (row["fooled"], 0)), row


@pytest.mark.long
def test_a_borrowed_trick_aims_where_the_pictures_own_trick_does(googlenet, monkeypatch):
    """What `layers` asks `trick` for, picture by picture: its own, and the one before it, into the same class."""
    asked = []

    def noted(model, picture, target):
        asked.append((picture.tobytes(), target))
        return trick(model, picture, target, steps=1)

    monkeypatch.setattr(benchmark, "trick", noted)
    monkeypatch.setitem(benchmark.SETS, "few", images.EVIDENCE[:3])
    benchmark.layers(googlenet, "few")
    photos = [images.load(name) for name in images.EVIDENCE[:3]]
    said = [int(googlenet.predict(photo).probabilities.argmax()) for photo in photos]
    wanted = [
        [(photos[i].tobytes(), said[(i + 1) % 3]), (photos[i - 1].tobytes(), said[(i + 1) % 3])] for i in range(3)
    ]
    assert asked == [one for both in wanted for one in both]
