"""The figures of lesson 13 and of the page on proofs: they draw what they are given, and say it in words."""

import io

import numpy as np
import pytest
from PIL import Image

from lessons.defence import figures as defences
from lessons.proofs import figures as proofs
from tricknet import images
from tricknet.plots.sheet import read_back


def pixels(plot):
    return np.asarray(Image.open(io.BytesIO(plot.data)).convert("RGB")).astype(int)


def share(plot, colour):
    """How much of a figure has a colour, such as "#d55e00"."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return (np.abs(pixels(plot) - wanted).max(axis=2) < 8).mean()


def test_an_empty_gradient_is_an_empty_square():
    slope = np.random.default_rng(0).normal(size=(224, 224, 3))
    (full, _), (empty, caption) = read_back(defences.gradients({"full": slope, "empty": 0 * slope}, "two"))
    assert caption == "empty" and len(np.unique(empty)) == 1 and abs(int(empty.flat[0]) - 127) < 10
    assert len(np.unique(full)) > 8


def test_who_stands_is_in_a_whole_frame():
    coffee = images.load("coffee")
    sheet = defences.stood([coffee, coffee], ["a", "b"], [True, False])
    whole, broken = (picture for picture, _ in read_back(sheet))
    assert (whole[1] == whole[1, 0]).all() and not (broken[1] == broken[1, 0]).all()


def test_thirty_squares_have_two_colours_and_a_count():
    some = defences.thirty({"an attack": [True] * 10 + [False] * 20}, alt="Squares.")
    assert some.alt == "Squares. an attack: 10 of 30 stand."
    all_of_them = defences.thirty({"an attack": [True] * 30})
    assert share(all_of_them, defences.FAILS) < 0.001 < share(some, defences.FAILS)
    assert share(all_of_them, defences.HOLDS) > 2 * share(some, defences.HOLDS)


def test_flags_are_said_where_they_are_up():
    plot = defences.flags({"mine": {"zero gradient": 30, "more steps": 0}}, 30, proofs=["more steps"], alt="Flags.")
    assert plot.alt == "Flags. mine: zero gradient 30."


def test_one_axis_from_proof_to_attack():
    plot = proofs.between(400, 700, 1000, what="pictures", title="epsilon 8")
    assert "400 are proved right, 300 are shown wrong, and 300 are open" in plot.alt
    assert share(plot, proofs.SAFE) / share(plot, proofs.BROKEN) == pytest.approx(4 / 3, rel=0.1)
    assert "The truth is 500." in proofs.between(400, 700, 1000, what="pictures", truth=500).alt


def test_bands_and_distances_are_said():
    plot = proofs.bands(
        {"a": {0: (0.9, 0.9), 8: (0.2, 0.7)}, "b": {0: (1, 1), 8: (1, 1)}}, xlabel="", ylabel="", alt=""
    )
    assert "a: at 0 90% to 90%, at 8 20% to 70%" in plot.alt
    axis = proofs.distance(100, 1000, {"a trick": 150}, xlabel="", alt="An axis.")
    assert axis.alt == "An axis."
    assert share(axis, proofs.BROKEN) / share(axis, proofs.SAFE) == pytest.approx(2, rel=0.2)
    assert proofs.certified({"plain": ([0, 10], [1, 0.5])}, xlabel="", ylabel="", alt="A curve.").alt == "A curve."
