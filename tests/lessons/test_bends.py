"""Lesson 5: the checks of its exercises, its figures and its table."""

import numpy as np
import pytest

from lessons.bends import experiment as luck
from lessons.bends import figures as landscape
from lessons.bends import table
from lessons.bends.check import check
from tricknet import images

PANDA = 388


@pytest.fixture(scope="module")
def panda():
    return images.load("panda").astype(np.float32)


@pytest.fixture(scope="module")
def slopes(googlenet, panda):
    """The gradient of the panda's loss."""
    return -googlenet.gradient(panda, PANDA)


def test_exercise_1(refused):
    assert check("5.1", [0.2, 0.4, 0.4]) and check("5.1", np.array([0.2, 0.4, 0.4]))
    refused("5.1", ([0.1, 0.1, 0.8],), ([0.5, 0.5, 0.5],), ([-0.1, 0.6, 0.5],), ([0.5, 0.5],))


def test_exercise_2(refused):
    (row,) = [r for r in table("luck") if r["picture"] == "mosque"]
    assert check("5.2", "panda", 27) and check("5.2", "mosque", row["luck"])  # with tosses that are not the table's
    refused("5.2", ("panda", 2), ("mosque", 27), ("pandda", 27))
    refused("5.2", ("panda", 45))


def test_exercise_3(slopes, refused):
    right = 0.1 * np.sqrt(slopes.size) * slopes / np.linalg.norm(slopes)
    assert check("5.3", right)
    refused("5.3", (0.1 * np.sign(slopes),), (2 * right,), (slopes[0],))
    refused("5.3", (-right,))


def test_a_map_is_straight_between_the_points_measured():
    x, y = np.meshgrid(np.arange(3.0), np.arange(3.0))
    found, sizes = landscape.winners(np.stack([x + 0.25 * y, np.ones_like(x)], axis=2), np.arange(3.0), finer=4)
    assert np.allclose(sizes, np.linspace(0, 2, 9))
    right, up = np.meshgrid(sizes, sizes)
    away = right + 0.25 * up != 1  # on the border either may win
    assert np.array_equal(found[away] == 0, (right + 0.25 * up > 1)[away])


def test_a_lead_is_worth_what_softmax_says():
    lead = 2.0  # one class 2 ahead of the only other
    p = np.exp(lead) / (np.exp(lead) + 1)
    plot = landscape.sure(lead)
    probability, loss = plot.figure.axes
    assert f"{p:.2f}" in probability.get_title() and f"{p * (1 - p):.2f}" in probability.get_title()
    assert f"{-np.log(p):.2f}" in loss.get_title() and f"{1 - p:.2f}" in loss.get_title()
    assert f"{p:.7f}" in plot.alt


@pytest.mark.long
def test_the_table_of_luck_holds_every_photograph_and_what_the_network_says(googlenet):
    rows = table("luck")
    assert [(r["set"], r["picture"]) for r in rows] == [(which, n) for which, names in luck.SETS.items() for n in names]
    stored = next(r for r in rows if r["picture"] == "mosque")
    found = luck.row(googlenet, images.load("mosque"))
    assert {k: found[k] for k in ("class", "one_step", "ten_steps")} == {
        k: stored[k] for k in ("class", "one_step", "ten_steps")
    }
    assert found["lead"] == pytest.approx(stored["lead"], abs=0.01) and found["luck"] == pytest.approx(
        stored["luck"], rel=0.05
    )


def test_luck_is_read_off_between_the_sizes():
    sizes, leads = np.array([0.0, 1, 2, 4]), np.array([10.0, 11, 9, 1])
    assert luck.first_crossing(sizes, leads, 10) == 0  # nothing to lose
    assert luck.first_crossing(sizes, leads, 9.5) == pytest.approx(1.75)
    assert luck.first_crossing(sizes, leads, 0) == 4  # not even the largest
