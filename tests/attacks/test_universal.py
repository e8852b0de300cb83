"""A universal perturbation keeps to its budget and lowers margins; the tables of lesson 10 have their controls."""

import numpy as np

from lessons.sticker import experiment as stickers
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.universal import GREY, Added, glimpse, universal
from tricknet.networks.objectives import Margin

PANDA = images.example("panda")
RANDOM = np.random.default_rng(0)


def test_it_keeps_to_its_budget_and_lowers_the_margins_of_what_it_was_trained_on(squeezenet):
    photographs = np.stack([images.load(name) for name in ("panda", "koala", "zebra")])
    own = [said.best.index for said in squeezenet.predict_all(photographs)]
    made = universal(squeezenet, photographs, [-Margin(c) for c in own], epsilon=10, steps=12, batch=3)
    assert made.perturbation.shape == (224, 224, 3) and 1 <= np.abs(made.perturbation).max() <= 10
    np.testing.assert_array_equal(made.on(PANDA), (PANDA.astype(int) + made.perturbation).clip(0, 255))
    margins = [
        sum(squeezenet.value(p, Margin(c)) for p, c in zip(pictures, own, strict=True))
        for pictures in (photographs, made.on(photographs))
    ]
    assert margins[1] < margins[0] - 3


def test_what_is_added_is_added_and_stays_in_range():
    change = RANDOM.integers(-10, 11, PANDA.shape)
    assert (Added(PANDA)((change + GREY).astype(np.uint8)) == np.clip(PANDA + change, 0, 255)).all()
    assert (Added(PANDA)(np.full_like(PANDA, GREY)) == PANDA).all()


def test_a_glimpse_is_a_part_of_the_photograph_at_its_size():
    """A picture whose red is its column and whose green is its row says which part it was."""
    column, row = np.meshgrid(np.arange(224), np.arange(224))
    where = np.dstack([column, row, row]).astype(np.uint8)
    for seed in range(20):
        part = glimpse(where, np.random.default_rng(seed)).astype(int)
        assert part.shape == PANDA.shape
        wide, high = abs(part[0, -1, 0] - part[0, 0, 0]) + 1, part[-1, 0, 1] - part[0, 0, 1] + 1
        assert abs(wide - high) <= 2 and 0.59 * 224 <= high <= 224


def test_a_rival_has_the_same_pixels_and_the_same_place():
    made, shuffled, bananas = (stickers.rivals("banana")[kind] for kind in ("sticker", "shuffled", "object"))
    inside = sticker.disc()
    assert sorted(map(tuple, made[inside])) == sorted(map(tuple, shuffled[inside]))
    assert (made[inside] != shuffled[inside]).any(axis=1).mean() > 0.9
    black = np.zeros((4, 224, 224, 3), np.uint8)
    discs = [stickers.worn(black, np.full_like(what, 200), 0.15)[..., 0] > 100 for what in (made, bananas)]
    assert abs(discs[0].mean() - 0.15) < 0.01
    assert (discs[0] != discs[1]).mean() < 0.01  # the same, but for the pixels of their edges


def test_a_clamped_margin_fades_where_it_is_won(squeezenet):
    """Where the network's own class leads, it goes along with the margin; where another leads by far, it rests at 0."""
    own, *_, least = np.argsort(squeezenet.predict(PANDA).probabilities)[::-1]
    for wanted, counts in ((own, True), (least, False)):
        margin, clamped = Margin(wanted), stickers.Clamped(wanted)
        lead = squeezenet.value(PANDA, margin)
        assert lead > 0 if counts else lead < -2 * stickers.CLAMP
        expected = lead + stickers.CLAMP if counts else 0
        assert abs(squeezenet.value(PANDA, clamped) - expected) < 1e-3
        slope = squeezenet.gradient(PANDA, margin) * counts
        np.testing.assert_allclose(squeezenet.gradient(PANDA, clamped), slope, atol=1e-3 * abs(slope).max() + 1e-4)
