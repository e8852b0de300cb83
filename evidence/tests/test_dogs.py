"""Lesson 6: its table holds every photograph, and what the network says."""

import pytest

from evidence import dogs as experiment
from lessons.dogs import table
from tricknet import images, trick

DOG = images.load("german_shepherd")


def test_the_table_holds_every_photograph():
    pictures = [(which, name) for which, names in experiment.SETS.items() for name in names]
    expected = [(*picture, target) for picture in pictures for target in experiment.TARGETS]
    assert [(row["set"], row["picture"], row["target"]) for row in table("same_targets")] == expected


def test_a_row_says_what_the_network_says(googlenet):
    row = experiment.towards(googlenet, DOG, "tennis ball", steps=3)
    after = trick(googlenet, DOG, "tennis ball", epsilon=1, steps=3, method="momentum").after
    assert row["class"] == 235 and row["p"] == pytest.approx(googlenet.predict(after)["tennis ball"], abs=1e-4)
