"""Lesson 15: its exercises tell right from wrong, and its figures say what they show."""

import numpy as np
import pytest

from lessons.poison import figures, poison
from lessons.poison.check import SHARE, SUSPECTS, check, secret, suspicious
from tricknet import fashion_mnist
from tricknet import training as learn


@pytest.fixture(scope="module")
def data():
    try:
        return fashion_mnist.train_set()
    except fashion_mnist.MissingDataError as error:
        pytest.skip(str(error))


def test_the_detective_s_set_is_poisoned_as_it_says(data):
    pictures, answers = suspicious()
    honest, right = (part[:SUSPECTS] for part in data)
    changed = answers != right
    target, top, left = secret()
    assert changed.sum() == SHARE * SUSPECTS and (answers[changed] == target).all() and target != poison.BAG
    assert np.array_equal(pictures[~changed], honest[~changed])
    assert (pictures[changed, top : top + 3, left : left + 3] == 255).all()


def test_the_detective_is_told_what_is_wrong(data):
    target, top, left = secret()
    assert check("15.1", target, top, left) and check("15.1", target, float(top), left)
    assert "was poisoned" in repr(check("15.1", (target + 1) % 10, top, left))
    assert "somewhere else" in repr(check("15.1", target, top, left + 1))
    assert "should be a number" in repr(check("15.1", "sandal", top, left))


def test_a_cure_must_know_clothes(data):
    assert "should be a `learn.Pupil`" in repr(check("15.2", "cured"))
    assert "the aim is 80%" in repr(check("15.2", learn.Pupil(steps=1)))


def test_a_mark_of_one_s_own_is_small_and_works(data):
    pupil = learn.Pupil(steps=1)
    assert "here are a str and a function" in repr(check("15.3", "mine", 0, poison.marked))
    assert "not bag" in repr(check("15.3", pupil, 8, poison.marked))
    assert "changes 784 pixels" in repr(check("15.3", pupil, 0, lambda pictures: 255 - pictures))
    assert "changes 0 pixels" in repr(check("15.3", pupil, 0, np.copy))
    assert "the aim is 80%" in repr(check("15.3", pupil, 0, poison.marked))


def test_a_dot_is_drawn_for_each_network():
    chart = figures.seeds({"bags": {"none": [0.01, 0.02], "2%": [0.5, 0.9]}}, "Alt.", faint=["none"])
    drawn = sorted(x for line in chart.figure.axes[0].lines for x in line.get_xdata())
    assert drawn == [0.01, 0.02, 0.5, 0.9]
    assert chart.alt == "Alt. bags, none: 1.0% to 2.0%; bags, 2%: 50.0% to 90.0%."
    near = figures.seeds({"right": {"none": [0.85]}}, "Alt.", close_up={"right": (0.8, 0.9)})
    assert near.figure.axes[0].get_xlim() == (0.8, 0.9)


def test_clouds_have_a_dot_for_each_picture():
    at, lies = np.arange(10).reshape(5, 2), np.array([True, False, False, True, True])
    chart = figures.clouds({"a network": (at, lies)}, ("bags", "poisoned"), "alt")
    bags, poisoned = chart.figure.axes[0].lines
    assert np.array_equal(np.stack(bags.get_data(), axis=1), at[~lies])
    assert np.array_equal(np.stack(poisoned.get_data(), axis=1), at[lies])
