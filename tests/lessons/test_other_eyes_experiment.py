"""Lesson 9's experiment: its controls are controls, and its rows can be measured again."""

import numpy as np
import pytest

from lessons.other_eyes import experiment as transfer
from lessons.other_eyes import table
from tricknet import cases, images
from tricknet.attacks.queries import square

PANDA = images.example("panda")
TRICK = np.random.default_rng(0).integers(-8, 9, PANDA.shape)
FIELDS = transfer.Setting._fields


def test_a_shuffled_control_has_the_pixels_of_the_trick():
    grey = np.full(PANDA.shape, 128, dtype=np.uint8)
    photograph = transfer.Photograph("grey", grey, 0, 1)
    noise = transfer.shuffled(photograph, (grey + TRICK).astype(np.uint8)).astype(int) - 128
    pixels, others = (sorted(map(tuple, perturbation.reshape(-1, 3).tolist())) for perturbation in (noise, TRICK))
    assert pixels == others
    assert abs(np.corrcoef(noise.ravel(), TRICK.ravel())[0, 1]) < 0.02


@pytest.mark.long
def test_the_transfer_is_judged_on_photographs_that_all_three_networks_name(networks):
    three = {name: networks[name] for name in transfer.NAMES}
    found = [one.name for names in cases.SETS.values() for one in transfer.right_for_all(three, names)]
    for name in ("transfer", "recipes"):
        for setting in map(transfer.Setting._make, {tuple(row[f] for f in FIELDS) for row in table(name)}):
            pictures = list(cases.of(table(name), setting))
            assert pictures == [one for one in found if one in cases.SETS[setting.set]]
    assert [row["picture"] for row in table("queries")] == [name for name in found if name in images.HELD_OUT]


@pytest.mark.long
def test_a_cell_of_the_transfer_can_be_measured_again(networks):
    """Made on SqueezeNet, shown to EfficientNet-Lite0. Other processors may round otherwise: one picture may differ."""
    pair = {name: networks[name] for name in transfer.PAIR.split(" + ")}
    setting = transfer.Setting("held_out", "away", 16, "SqueezeNet", "plain")
    stored = cases.of(table("transfer"), setting)
    photographs = [one for one in transfer.right_for_all(pair, images.HELD_OUT) if one.name in stored][:4]
    again = transfer.rows(pair, photographs, setting)
    assert sum(row[name] != stored[row["picture"]][name] for row in again for name in pair) <= 1


def test_square_needs_as_many_queries_as_the_table_says(networks):
    row = min((row for row in table("queries") if row["square"]), key=lambda row: row["square"])
    picture = images.load(row["picture"])
    efficientnet = networks["EfficientNet-Lite0"]
    right = efficientnet.predict(picture).best.index
    found = square(efficientnet, picture, right, epsilon=16, queries=500, less_like=True)
    assert found.fooled and abs(found.queries - 1 - row["square"]) <= 3
