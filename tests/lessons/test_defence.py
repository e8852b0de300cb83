"""Lesson 14: JPEG's stairs are the standard's, the soft ones have their slope, and the league keeps the score."""

from types import SimpleNamespace

import numpy as np
import pytest

from lessons.defence import figures
from lessons.defence.check import HIDDEN, check
from lessons.defence.league import league, shades
from lessons.defence.soft_jpeg import COLOURS, ZERO, SoftJpeg, bend, heights, in_pixels, tables
from tricknet import images
from tricknet.attacks.transforms import jpeg

COFFEE = images.load("coffee")


def decoded(picture, quality, rounding=np.rint):
    """What JPEG makes of a picture: float64, neither rounded to whole values nor clipped."""
    planes = []
    for steps, table in zip(heights(picture, quality), tables(quality), strict=True):
        planes.append(in_pixels(rounding(steps) * table))
    planes[1:] = [plane.repeat(2, axis=0).repeat(2, axis=1) for plane in planes[1:]]
    return (np.stack(planes, axis=2) + ZERO) @ np.linalg.inv(COLOURS).T


@pytest.mark.parametrize("quality", [30, 50, 90])
def test_its_arithmetic_is_jpegs(quality):
    """Without colours, which Pillow enlarges more smoothly, all but its roundings on the way is the same."""
    grey = COFFEE[..., 1:2].repeat(3, axis=2)
    difference = np.abs(jpeg(grey, quality) - decoded(grey, quality).clip(0, 255))
    assert difference.mean() < 0.5 < np.abs(jpeg(grey, quality) - grey.astype(float)).mean()


def test_it_gives_what_jpeg_gives_and_its_gradient_is_that_of_the_bent_rounding():
    way, random = SoftJpeg(50, bend), np.random.default_rng(0)
    np.testing.assert_array_equal(way(COFFEE), jpeg(COFFEE, 50))
    slope, along = random.normal(size=(2, *COFFEE.shape))
    bent = lambda steps: np.rint(steps) + (steps - np.rint(steps)) ** 3  # noqa: E731
    high, low = ((slope * decoded(COFFEE + by * along, 50, bent)).sum() for by in (1e-4, -1e-4))
    assert (way.back(slope) * along).sum() == pytest.approx((high - low) / 2e-4, rel=1e-3)


@pytest.mark.parametrize(
    ("team", "broken", "not_broken"), [("watchman", (2, 2), (2, 3)), ("noise", (2, 3, 4, 1, 1), (2, 2, 1, 1, 1))]
)
def test_a_team_falls_for_the_majority_or_for_the_same_wrong_answer_twice(team, broken, not_broken):
    for answers in (broken, not_broken):
        said = [SimpleNamespace(best=SimpleNamespace(index=answer)) for answer in answers]
        assert league(SimpleNamespace(predict=lambda _, said=said: said))[team](COFFEE, 1) == (answers is broken)


def test_untouched_photographs_survive_in_the_league(googlenet):
    for photograph in map(images.load, HIDDEN):
        right = googlenet.predict(photograph).best.index
        assert not any(falls(photograph, right) for falls in league(googlenet).values())
    assert len(np.unique(shades(COFFEE))) == 8


def test_the_exercises_tell_right_from_wrong(refused):
    tiny = lambda picture, gradient, label: gradient.std() > 0.5 or not gradient.any()  # noqa: E731
    for flag in (lambda *_: True, lambda *_: False, tiny, 3):
        refused("14.1", (flag,))
    little = {"eight shades": lambda picture, label: picture ^ 1}
    assert "eight shades 0 " in check("14.3", little).text
    far, unknown = {"watchman": lambda picture, label: 255 - picture}, {"fog": lambda picture, label: picture}
    refused("14.3", (little,), (far,), (unknown,))


def test_the_stairs_are_those_of_jpeg():
    """At quality 50 this wave is divided by 29 (table K.1 of ITU T.81), and one of height 1 has a length of 4."""
    ax, step = figures.stairs(50, attacked=True).figure.axes[0], 29 / 4
    stairs, ramp, bent = (line.get_ydata() for line in ax.lines)
    np.testing.assert_allclose(np.unique(np.round(stairs, 2)), step * np.arange(4), atol=0.3)  # of whole pixel values
    assert np.abs(stairs - ramp).max() == pytest.approx(step / 2, abs=0.3)
    middling, most = np.quantile(np.abs(stairs - bent), (0.5, 0.95))
    assert middling < step / 16 and most < step / 8 + 0.3


def test_a_pixels_votes_add_up_to_its_slope():
    """Bars of a ramp and of the bend, and sums with opposite signs: JPEG's waves are orthonormal."""
    gradient = np.random.default_rng(0).normal(size=COFFEE.shape)
    plot = figures.vote(COFFEE, gradient)
    ramp, bent = (sum(bar.get_height() for bar in ax.patches) for ax in plot.figure.axes)
    slopes = -(gradient @ np.linalg.inv(COLOURS))[..., 0]
    assert ramp * bent < 0 and np.abs(slopes - ramp).min() < 1e-9
