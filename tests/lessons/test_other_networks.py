"""Lesson 11: its exercises tell right from wrong, and its wobble is what it says."""

import numpy as np
from PIL import Image

from lessons.other_networks.travel import diverse
from tricknet import images, make_less_like
from tricknet.attacks.result import added
from tricknet.check import check

PANDA, BANANA = map(images.load, ("panda", "banana"))


def test_the_controls_of_three_tricks_turn_their_perturbations_alone(networks, refused):
    names = ["banana", "koala", "zebra"]
    tricks = [make_less_like(networks["GoogLeNet"], images.load(name), name, epsilon=8, steps=10) for name in names]
    turned, wrong = [added(one.before, one.perturbation[::-1]) for one in tricks], {}
    for judge in ("SqueezeNet", "EfficientNet-Lite0"):
        said = (networks[judge].predict(some) for some in ([one.after for one in tricks], turned))
        wrong[judge] = [sum(p.best.name != name for p, name in zip(some, names, strict=True)) for some in said]
    assert check("11.2", tricks, turned, wrong)
    weak = make_less_like(networks["GoogLeNet"], BANANA, "banana", epsilon=1, steps=1)
    refused("11.2", (tricks, [one.after for one in tricks], wrong), (tricks, turned, wrong | {"SqueezeNet": (3, 3)}))
    refused("11.2", (tricks[::-1], turned, wrong), ([weak, *tricks[1:]], turned, wrong))


def test_a_diverse_picture_is_pillows_smaller_one_somewhere_in_a_black_frame():
    corners = []
    for seed in range(5):
        seen, panda = (diverse(np.random.default_rng(seed))(x) for x in (np.full_like(PANDA, 255), PANDA))
        rows, columns = (np.flatnonzero(seen.max(axis=axis)[:, 0] > 254) for axis in (1, 0))
        assert len(rows) == len(columns) >= 201  # a square, up to a tenth smaller
        (y, x), side = (rows[0], columns[0]), len(rows)
        smaller, framed = Image.fromarray(PANDA).resize((side, side), Image.Resampling.BILINEAR), np.zeros(PANDA.shape)
        framed[y : y + side, x : x + side] = smaller
        assert np.abs(panda - framed).max() < 1.01
        corners.append((y, x))
    assert any(row != column for row, column in corners)
