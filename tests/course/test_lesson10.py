"""Lesson 10: its exercises judge what they are given, and its figures say in words what they draw."""

import numpy as np
import pytest

from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.sticker import GREY, SIDE, Sticker, disc
from tricknet.course.check import check
from tricknet.evidence import rate
from tricknet.plots.stickers import along, sliding


def plain_disc(label):
    """A grey sticker, which is nothing to anybody."""
    grey = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    return Sticker(np.dstack([grey, np.where(disc(), 255, 0).astype(np.uint8)]), label)


@pytest.mark.long
@pytest.mark.parametrize(
    ("exercise", "answer", "hint"),
    [
        ("10.1", "teapot", "it is a str"),
        ("10.1", sticker.ready("toaster"), "Choose another class"),
        ("10.1", plain_disc("teapot"), "Only 0 of 10"),
        ("10.2", 19, "a whole number of pixels from 20"),
        ("10.2", 50.5, "a whole number of pixels from 20"),
        ("10.2", 30, "not a toaster yet"),
        ("10.2", 150, "it is one as well"),
        ("10.3", 26, "a dictionary"),
        ("10.3", {"sticker": 30, "object": 0, "p": 1e-8}, "Not 30 for the sticker"),
        ("10.3", {"sticker": 26, "object": 0, "p": 0.5}, "the p-value is not"),
    ],
)
def test_a_wrong_answer_gets_a_hint(googlenet, exercise, answer, hint):
    assert hint in repr(check(exercise, answer))


def test_a_curve_says_its_counts():
    plot = along({"sticker": {0.05: rate(1, 30), 0.1: rate(26, 30)}}, "size", "share", "Two points.", percent=True)
    assert plot.alt == "Two points. sticker: 1 of 30 at 0.05, 26 of 30 at 0.1."
    (ax,) = plot.figure.axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5%", "10%"]
    assert ax.lines[0].get_ydata() == pytest.approx([1 / 30, 26 / 30])


def test_the_map_lies_where_the_places_are():
    """The square of a place is round that place, and the first row of the probabilities is at the top."""
    places, found = np.array([56, 168]), np.array([[0.1, 0.2], [0.3, 0.9]])
    plot = sliding(images.example("panda"), found, places, 60, "A map.")
    drawn = plot.figure.axes[1].images[0]
    assert drawn.get_extent() == [0, 224, 224, 0] and (drawn.get_array() == found).all()
