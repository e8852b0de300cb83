"""Lesson 13: its control is what it says."""

import numpy as np

from evidence.defence import Ramp
from tricknet import images

COFFEE = images.load("coffee")


def test_without_its_bends_soft_jpeg_is_straight_through_but_for_halved_colours():
    ramp, small = Ramp(50), np.random.default_rng(0).normal(size=(112, 112, 3))
    ramp(COFFEE)
    gradient = small.repeat(2, axis=0).repeat(2, axis=1)
    np.testing.assert_allclose(ramp.back(gradient), gradient, atol=1e-5)
