"""Lesson 5: the checks of its exercises, and its figures."""

import itertools

import numpy as np
import pytest

from tricknet import images
from tricknet.course.check import check
from tricknet.plots import landscape

PANDA = 388


@pytest.fixture(scope="module")
def panda():
    return images.load("panda").astype(np.float32)


@pytest.fixture(scope="module")
def slopes(googlenet, panda):
    """The gradient of the panda's loss."""
    return -googlenet.gradient(panda, PANDA)


# The checks


def test_lesson_5_exercise_1():
    assert check("5.1", "tiger_cat")
    assert "less certain" in repr(check("5.1", "panda"))
    assert "no photograph 'pandda'" in repr(check("5.1", "pandda"))
    assert "a photograph's name" in repr(check("5.1", 0.1))


def test_lesson_5_exercise_2():
    assert check("5.2", 27)
    assert "With five coin tosses of 2 the log-odds are 12." in repr(check("5.2", 2))
    assert not check("5.2", 45)


def test_lesson_5_exercise_3(slopes):
    length = 0.1 * np.sqrt(slopes.size)
    assert check("5.3", length * slopes / np.linalg.norm(slopes))
    assert "it should be less" in repr(check("5.3", 0.1 * np.sign(slopes)))
    assert "it should be less" in repr(check("5.3", -length * slopes / np.linalg.norm(slopes)))
    assert "Shorten it" in repr(check("5.3", 2 * length * slopes / np.linalg.norm(slopes)))
    assert "an array of (224, 224, 3)" in repr(check("5.3", slopes[0]))


# The figures


def drawn(plot):
    """The axes of a figure that were drawn on."""
    return plot.figure.axes


def test_a_map_gives_the_largest_areas_their_own_colours_and_draws_the_box():
    plane = np.array([[0, 5, 5, 5], [5, 5, 7, 7], [7, 7, 1, 2], [3, 4, 6, 8]])  # nine classes, and seven colours
    plot = landscape.planes([plane], np.arange(4), [f"class {i}" for i in range(9)], axes=[("x", "y")], boxes=(2,))
    (ax,) = drawn(plot)
    shown = ax.images[0].get_array()
    assert (shown[plane == 5] == 0).all() and (shown[plane == 7] == 1).all()  # by area
    assert (shown == len(landscape.MAP)).sum() == 2  # the two smallest share the grey
    names = [text.get_text() for text in plot.figure.legends[0].get_texts()]
    assert names[:2] == ["class 5", "class 7"] and names[-1] == "other classes" and len(names) == 8
    corners = ax.patches[0].get_xy()
    assert np.allclose(np.abs(corners).sum(axis=1), 2)  # |right| + |up| = epsilon


def test_the_corner_of_the_diamond_is_where_the_change_reaches_epsilon(slopes):
    right = np.sign(slopes)
    up = np.random.default_rng(0).choice([-1, 1], size=slopes.shape)
    for x, y in itertools.product((-1.5, 0, 0.5), (-0.5, 0, 1.5)):
        assert np.abs(x * right + y * up).max() == pytest.approx(abs(x) + abs(y))


def test_curves_that_share_a_name_share_a_key():
    sizes = np.arange(3.0)
    curves = {"one": ("signs", sizes, sizes + 1), "three": ("coins", sizes, np.ones((3, 3)))}
    for plot in (landscape.losses(curves, "words"), landscape.log_odds(curves, "words")):
        (ax,) = drawn(plot)
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "three"]
        assert plot.alt == "words"
    assert drawn(landscape.losses(curves, "words"))[0].get_yscale() == "log"
