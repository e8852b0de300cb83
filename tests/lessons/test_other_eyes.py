"""Lesson 10: its rows can be measured again, and a thick frame in its figure says that a network was fooled."""

import io

import pytest
from PIL import Image

from lessons.other_eyes import experiment, figures, table
from tricknet import cases, images
from tricknet.attacks.queries import square

PANDA = images.example("panda")
FIELDS = experiment.Setting._fields


@pytest.mark.long
def test_the_transfer_is_judged_on_photographs_that_all_three_networks_name(networks):
    three = {name: networks[name] for name in experiment.NAMES}
    photographs = [one.name for names in cases.SETS.values() for one in experiment.right_for_all(three, names)]
    for name in ("transfer", "recipes"):
        for setting in map(experiment.Setting._make, {tuple(row[f] for f in FIELDS) for row in table(name)}):
            pictures = list(cases.of(table(name), setting))
            assert pictures == [one for one in photographs if one in cases.SETS[setting.set]]
    assert [row["picture"] for row in table("queries")] == [name for name in photographs if name in images.HELD_OUT]


@pytest.mark.long
def test_a_cell_of_the_transfer_can_be_measured_again(networks):
    """Made on SqueezeNet, shown to EfficientNet-Lite0. Other processors may round otherwise: one picture may differ."""
    pair = {name: networks[name] for name in experiment.PAIR.split(" + ")}
    setting = experiment.Setting("held_out", "away", 16, "SqueezeNet", "plain")
    stored = cases.of(table("transfer"), setting)
    photographs = [one for one in experiment.right_for_all(pair, images.HELD_OUT) if one.name in stored][:4]
    again = experiment.rows(pair, photographs, setting)
    assert sum(row[name] != stored[row["picture"]][name] for row in again for name in pair) <= 1


def test_square_needs_as_many_queries_as_the_table_says(networks):
    row = min((row for row in table("queries") if row["square"]), key=lambda row: row["square"])
    picture = images.load(row["picture"])
    efficientnet = networks["EfficientNet-Lite0"]
    right = efficientnet.predict(picture).best.index
    search = square(efficientnet, picture, right, epsilon=16, queries=500, less_like=True)
    assert search.fooled and abs(search.queries - 1 - row["square"]) <= 3


@pytest.mark.parametrize("target, less_like, fooled", [("giant panda", False, True), ("giant panda", True, False)])
def test_a_thick_frame_says_that_a_network_was_fooled(squeezenet, target, less_like, fooled):
    sheet = figures.grid({"here": PANDA}, [squeezenet], target=target, less_like=less_like)
    ((box,),) = sheet.boxes
    with Image.open(io.BytesIO(sheet.data)) as image:
        edge = image.convert("RGB").getpixel((box.left - 4, box.top + 50))
    assert (edge != (255, 255, 255)) == fooled
