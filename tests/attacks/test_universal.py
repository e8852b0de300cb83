"""A universal perturbation keeps to its budget and lowers margins."""

import numpy as np

from tricknet import images
from tricknet.arrays import GREY
from tricknet.attacks.universal import Added, random_crop, universal
from tricknet.networks.objectives import Margin

PANDA = images.example("panda")
RANDOM = np.random.default_rng(0)


def test_it_keeps_to_its_budget_and_lowers_the_margins_of_what_it_was_trained_on(squeezenet):
    photographs = np.stack([images.load(name) for name in ("panda", "koala", "zebra")])
    own = [answer.best.index for answer in squeezenet.predict(photographs)]
    result = universal(squeezenet, photographs, [-Margin(c) for c in own], epsilon=10, steps=12, batch=3)
    assert result.perturbation.shape == (224, 224, 3) and 1 <= np.abs(result.perturbation).max() <= 10
    np.testing.assert_array_equal(result.on(PANDA), (PANDA.astype(int) + result.perturbation).clip(0, 255))
    margins = [
        sum(squeezenet.value(p, Margin(c)) for p, c in zip(pictures, own, strict=True))
        for pictures in (photographs, result.on(photographs))
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
        part = random_crop(where, np.random.default_rng(seed)).astype(int)
        assert part.shape == PANDA.shape
        wide, high = abs(part[0, -1, 0] - part[0, 0, 0]) + 1, part[-1, 0, 1] - part[0, 0, 1] + 1
        assert abs(wide - high) <= 2 and 0.59 * 224 <= high <= 224
