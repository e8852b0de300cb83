"""Lesson 9's figures: do they show what they are given?"""

import io

import numpy as np
import pytest
from PIL import Image

from lessons.other_eyes import figures as transfer
from tricknet import images, plots
from tricknet.evidence import rate

PANDA = images.load("panda")


def test_a_grid_holds_the_pictures_and_quotes_each_network(googlenet, squeezenet):
    made = {"here": PANDA, "there": np.flip(PANDA, axis=1)}
    sheet = transfer.grid(made, [googlenet, squeezenet], target="vulture")
    found = plots.read_back(sheet)
    assert len(found) == 4
    for (picture, caption), (shown, judge) in zip(
        found, [(shown, judge) for shown in made.values() for judge in (googlenet, squeezenet)], strict=True
    ):
        assert np.array_equal(picture, shown)
        assert caption == f"giant panda {judge.predict(shown)['giant panda']:.1%}"
        assert f"shown to {judge.name}: {caption}" in sheet.alt


@pytest.mark.parametrize("target, less_like, fooled", [("giant panda", False, True), ("giant panda", True, False)])
def test_a_thick_frame_says_that_a_network_was_fooled(squeezenet, target, less_like, fooled):
    sheet = transfer.grid({"here": PANDA}, [squeezenet], target=target, less_like=less_like)
    ((box,),) = sheet.boxes
    with Image.open(io.BytesIO(sheet.data)) as image:
        edge = image.convert("RGB").getpixel((box.left - 4, box.top + 50))
    assert (edge != (255, 255, 255)) == fooled


def test_dumbbells_say_their_numbers():
    rows = {
        "a → b": {"control": rate(3, 56), "plain": rate(10, 56)},
        "b → a": {"control": rate(0, 56), "plain": rate(9, 56)},
    }
    plot = transfer.dumbbells(rows, xlabel="share", alt="Who is fooled.")
    assert plot.alt == "Who is fooled. a → b: control 3 of 56, plain 10 of 56; b → a: control 0 of 56, plain 9 of 56."
    (ax,) = plot.figure.axes
    marks = [line.get_xdata()[0] for line in ax.get_lines() if len(line.get_xdata()) == 1]
    assert marks == pytest.approx([3 / 56, 10 / 56, 0, 9 / 56])
    assert {text.get_text() for text in ax.texts} == {"3 of 56", "10 of 56", "0 of 56", "9 of 56"}
