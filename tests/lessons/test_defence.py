"""Lesson 14: JPEG's stairs are the standard's, the soft ones have their slope, and the league keeps the score."""

import numpy as np
import pytest
from scipy.fft import idctn

from lessons.defence import figures, soft_jpeg
from lessons.defence.check import HIDDEN, check
from lessons.defence.league import league, shades
from lessons.defence.soft_jpeg import COLOURS, SoftJpeg, tables
from tricknet import images
from tricknet.attacks.transforms import jpeg
from tricknet.attacks.trick import trick


def test_the_stairs_are_those_of_jpeg():
    """At quality 50 this wave is divided by 29 (table K.1 of ITU T.81), and one of height 1 has a length of 4."""
    ax, step = figures.stairs(50, straight=True, smooth=True).figure.axes[0], 29 / 4
    stairs, ramp, smooth = (line.get_ydata() for line in ax.lines)
    np.testing.assert_allclose(np.unique(np.round(stairs, 2)), step * np.arange(4), atol=0.3)  # of whole pixel values
    assert np.abs(stairs - ramp).max() == pytest.approx(step / 2, abs=0.3)
    middling, most = np.quantile(np.abs(stairs - smooth), (0.5, 0.95))
    assert middling < step / 16 and most < step / 8 + 0.3


COFFEE = images.load("coffee")


def decoded(picture, quality, rounding=np.rint):
    """What JPEG makes of a picture: float64, neither rounded to whole values nor clipped."""
    planes = []
    for waves, table in zip(soft_jpeg._waves(picture), tables(quality), strict=True):
        planes.append(soft_jpeg._squares(idctn(rounding(waves / table) * table, axes=(2, 3), norm="ortho")))
    planes[1:] = [plane.repeat(2, axis=0).repeat(2, axis=1) for plane in planes[1:]]
    return (np.stack(planes, axis=2) + soft_jpeg.ZERO) @ np.linalg.inv(COLOURS).T


@pytest.mark.parametrize("quality", [30, 50, 90])
def test_its_arithmetic_is_jpegs(quality):
    """Without colours, which Pillow enlarges more smoothly, all but its roundings on the way is the same."""
    grey = COFFEE[..., 1:2].repeat(3, axis=2)
    difference = np.abs(jpeg(grey, quality) - decoded(grey, quality).clip(0, 255))
    assert difference.mean() < 0.5 < np.abs(jpeg(grey, quality) - grey.astype(float)).mean()


def test_it_gives_what_jpeg_gives_and_its_gradient_is_that_of_the_smooth_rounding():
    way, random = SoftJpeg(50), np.random.default_rng(0)
    np.testing.assert_array_equal(way(COFFEE), jpeg(COFFEE, 50))
    slope, along = random.normal(size=(2, *COFFEE.shape))
    smooth = lambda steps: np.rint(steps) + (steps - np.rint(steps)) ** 3  # noqa: E731
    high, low = ((slope * decoded(COFFEE + by * along, 50, smooth)).sum() for by in (1e-4, -1e-4))
    assert (way.back(slope) * along).sum() == pytest.approx((high - low) / 2e-4, rel=1e-3)


@pytest.fixture(scope="module")
def three(googlenet):
    return league(googlenet)


def test_untouched_photographs_survive_in_the_league(googlenet, three):
    for photograph in map(images.load, HIDDEN):
        right = googlenet.predict(photograph).best.index
        assert not any(defence.falls(photograph, right) for defence in three.values())
    assert len(np.unique(shades(COFFEE))) == 8


@pytest.mark.long
def test_the_watchman_refuses_where_the_two_answers_differ(googlenet, three):
    """A plain trick of lesson 9: a vulture as it is, and a panda again after JPEG."""
    tricked = trick(googlenet, images.load("panda"), "vulture", epsilon=1).after
    plain, pressed = three["watchman"].answers(tricked)
    assert plain != pressed and not three["watchman"].falls(tricked, googlenet.labels.find("zebra"))


def test_the_exercises_tell_right_from_wrong(refused):
    for flag in (lambda *_: True, lambda *_: False, lambda _, slope, label: not 0 < slope.std() < 0.5, 3):
        refused("14.1", (flag,))
    itself = {"eight shades": lambda picture, label: picture}
    assert "eight shades 0 " in check("14.3", itself).text
    far, unknown = {"watchman": lambda picture, label: 255 - picture}, {"fog": lambda picture, label: picture}
    refused("14.3", (itself,), (far,), (unknown,))
