"""Lesson 11: its exercises tell right from wrong, and its wobble is what it says."""

import numpy as np
import pytest
from PIL import Image

from lessons.other_networks.travel import diverse
from tricknet import images, make_less_like
from tricknet.attacks.result import added

PANDA, BANANA = map(images.load, ("panda", "banana"))


def test_the_control_of_a_trick_turns_its_perturbation_alone(networks, refused):
    away = make_less_like(networks["GoogLeNet"], BANANA, "banana", steps=3)
    refused("11.2", (away, away), (away, away.after[::-1]), (away, BANANA))
    for name, picture, label in (("GoogLeNet", PANDA, "giant panda"), ("SqueezeNet", BANANA, "banana")):
        away = make_less_like(networks[name], picture, label, steps=3)
        refused("11.2", (away, added(picture, away.perturbation[::-1])))


def test_a_diverse_picture_is_pillows_smaller_one_somewhere_in_a_black_frame():
    """Going back is the adjoint: <transform(x), g> = <x, back(g)>, whatever x and g are."""
    x, g = np.random.default_rng(0).random(size=(2, 224, 224, 3))
    one, corners = diverse(np.random.default_rng(0)), []
    assert np.isclose((one(x) * g).sum(), (x * one.back(g)).sum(), rtol=1e-5)
    for seed in range(5):
        seen, panda = (diverse(np.random.default_rng(seed))(x) for x in (np.full_like(PANDA, 255), PANDA))
        rows, columns = (np.flatnonzero(seen.max(axis=axis)[:, 0] > 254) for axis in (1, 0))
        assert len(rows) == len(columns) >= 201  # a square, up to a tenth smaller
        inside = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        assert np.allclose(seen[inside], 255, atol=0.01)
        assert seen.sum() == pytest.approx(seen[inside].sum(), rel=1e-4)
        smaller = np.array(Image.fromarray(PANDA).resize((len(rows),) * 2, Image.Resampling.BILINEAR))
        assert np.abs(panda[inside] - smaller).max() < 1.01
        corners.append((rows[0], columns[0]))
    assert any(row != column for row, column in corners)
