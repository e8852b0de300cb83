"""A JPEG with a slope: its arithmetic is JPEG's, and its gradient that of a rounding made smooth."""

import numpy as np
import pytest
from scipy.fft import idctn

from lessons.defence import soft_jpeg
from lessons.defence.soft_jpeg import COLOURS, SoftJpeg, tables
from tricknet import images
from tricknet.attacks.transforms import jpeg

COFFEE = images.load("coffee")


def decoded(picture, quality, rounding=np.rint):
    """What JPEG makes of a picture: float64, neither rounded to whole values nor clipped."""
    planes = []
    for waves, table in zip(soft_jpeg._waves(picture), tables(quality), strict=True):
        planes.append(soft_jpeg._squares(idctn(rounding(waves / table) * table, axes=(2, 3), norm="ortho")))
    planes[1:] = [plane.repeat(2, axis=0).repeat(2, axis=1) for plane in planes[1:]]
    return (np.stack(planes, axis=2) + soft_jpeg.ZERO) @ np.linalg.inv(COLOURS).T


def test_it_gives_what_jpeg_gives():
    np.testing.assert_array_equal(SoftJpeg(50)(COFFEE), jpeg(COFFEE, 50))


@pytest.mark.parametrize("quality", [30, 50, 90])
def test_its_arithmetic_is_jpegs(quality):
    """Without colours, which Pillow enlarges more smoothly, all but its roundings on the way is the same."""
    grey = COFFEE[..., 1:2].repeat(3, axis=2)
    difference = np.abs(jpeg(grey, quality) - decoded(grey, quality).clip(0, 255))
    assert difference.mean() < 0.5 < np.abs(jpeg(grey, quality) - grey.astype(float)).mean()


def test_its_gradient_is_that_of_the_smooth_rounding():
    way, random = SoftJpeg(50), np.random.default_rng(0)
    way(COFFEE)
    slope, along = random.normal(size=(2, *COFFEE.shape))
    smooth = lambda steps: np.rint(steps) + (steps - np.rint(steps)) ** 3  # noqa: E731
    high, low = ((slope * decoded(COFFEE + by * along, 50, smooth)).sum() for by in (1e-4, -1e-4))
    assert (way.back(slope) * along).sum() == pytest.approx((high - low) / 2e-4, rel=1e-3)
