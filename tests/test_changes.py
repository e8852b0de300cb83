"""What happens to pictures: shapes and kinds stay, and what can be known exactly is."""

import numpy as np
import pytest

from tricknet import changes
from tricknet.trick import walk

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.integers(0, 256, (224, 224, 3), dtype=np.uint8)
CHANGES = {
    "jpeg": lambda p: changes.jpeg(p, 75),
    "shrink": lambda p: changes.shrink(p, 180),
    "crop": lambda p: changes.crop(p, 8),
    "blur": lambda p: changes.blur(p, 1),
    "brighten": lambda p: changes.brighten(p, 1.1),
    "photographed": lambda p: changes.photographed(p, np.random.default_rng(0)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_picture_stays_a_picture_and_changes(change):
    after = change(NOISE)
    assert after.shape == NOISE.shape
    assert after.dtype == np.uint8
    assert (after != NOISE).any()


@pytest.mark.parametrize("name", ["jpeg", "shrink", "crop", "blur"])
def test_one_colour_stays_one_colour(name):
    grey = np.full((224, 224, 3), 100, dtype=np.uint8)
    assert np.abs(CHANGES[name](grey).astype(int) - 100).max() <= 1


def test_nothing_asked_nothing_done():
    assert (changes.shrink(NOISE, 224) == NOISE).all()
    assert (changes.crop(NOISE, 0) == NOISE).all()
    assert (changes.brighten(NOISE, 1) == NOISE).all()


def test_blur_lowers_contrast_and_brightness_is_a_factor():
    assert changes.blur(NOISE, 1).std() < NOISE.std() / 2
    dark = changes.brighten(NOISE, 0.5)
    assert np.abs(dark - NOISE / 2).max() <= 1


def test_lower_quality_is_further_away():
    far, near = (np.abs(changes.jpeg(NOISE, q).astype(int) - NOISE).mean() for q in (30, 95))
    assert far > near


def test_a_walk_climbs_to_the_wall_of_its_box_and_no_further():
    start = NOISE[None]
    slope = np.where(RANDOM.random(start.shape) < 0.5, -1.0, 1.0).astype(np.float32)
    after = walk(start, lambda x: slope, epsilon=2, steps=5)
    assert after.dtype == np.uint8
    assert (after == np.clip(start + 2 * slope, 0, 255)).all()


def test_a_walk_along_nothing_stays_where_it_is():
    assert (walk(NOISE[None], np.zeros_like, epsilon=2, steps=3) == NOISE).all()


def test_an_interrupted_walk_keeps_what_it_has():
    slopes = iter([np.ones((1, 224, 224, 3), np.float32)])

    def gradient_of(pictures):
        for slope in slopes:
            return slope
        raise KeyboardInterrupt

    assert (walk(NOISE[None], gradient_of, epsilon=2, steps=9) == np.minimum(NOISE.astype(int) + 2, 255)).all()


def test_a_walk_asks_for_gradients_at_whole_numbers():
    def gradient_of(pictures):
        assert (pictures == np.rint(pictures)).all()
        return RANDOM.normal(size=pictures.shape).astype(np.float32)

    walk(NOISE[None], gradient_of, epsilon=1, steps=4)
