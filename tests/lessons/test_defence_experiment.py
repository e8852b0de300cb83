"""Lesson 13's experiment: its rows add up."""

import numpy as np

from lessons.defence import experiment as defences
from lessons.defence import table
from tricknet import images

PANDA = images.example("panda")


def test_an_attack_of_a_defence_stays_in_its_box(googlenet):
    (picture,) = defences.attacked(googlenet, PANDA[None], [388], defences.BLUR, epsilon=3, steps=2)
    assert 0 < np.abs(picture.astype(int) - PANDA).max() <= 3


def test_a_larger_budget_never_helps_the_defence():
    rows = [row for row in table("defences") if row["attack"] == "adaptive"]
    for row in rows:
        stood = {r["epsilon"]: r["stands"] for r in rows if all(r[k] == row[k] for k in ("set", "picture", "defence"))}
        assert [stood[e] for e in sorted(stood)] == sorted(stood.values(), reverse=True)


def test_the_sets_are_the_ones_that_the_lesson_names():
    for rows in (table("defences"),):
        for group, names in (("EVIDENCE", images.EVIDENCE), ("HELD_OUT", images.HELD_OUT)):
            found = [row["picture"] for row in rows if row["set"] == group]
            assert set(found) == set(names[:30])
            assert len({found.count(name) for name in found}) == 1  # as many rows for each picture
