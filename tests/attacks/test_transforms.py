"""What happens to pictures: shapes and kinds stay, and what can be known exactly is."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tricknet import images
from tricknet.attacks import transforms
from tricknet.attacks.gradients import averaged

RANDOM = np.random.default_rng(0)
PANDA = images.load("panda")
NOISE = RANDOM.integers(0, 256, (224, 224, 3), dtype=np.uint8)


CROP = transforms.cropping(8)
LINEAR = {
    "cropping": (transforms.cropping(8), lambda p: transforms.crop(p, 8), 1),
    "shrinking": (transforms.shrinking(180), lambda p: transforms.shrink(p, 180), 2),
    "brighter": (replace(transforms.cropping(0), factor=0.9), lambda p: transforms.brighten(p, 0.9), 1),
    "blurring": (transforms.blurring(1.3), lambda p: gaussian_filter(p.astype(float), (1.3, 1.3, 0), truncate=6), 1e-3),
    "blurring, then cropping": (CROP @ transforms.blurring(2), lambda p: CROP(transforms.blurring(2)(p)), 1e-3),
}


@pytest.mark.parametrize(("transform", "expected", "most"), LINEAR.values(), ids=LINEAR)
def test_a_linear_transform_is_pillows_or_scipys_but_for_rounding(transform, expected, most):
    assert np.abs(transform(NOISE) - expected(NOISE))[8:-8, 8:-8].max() <= most  # at the edges, SciPy mirrors it


def test_going_back_is_the_adjoint():
    """<transform(x), g> = <x, back(g)>, whatever x and g are."""
    for seed in range(5):
        random = np.random.default_rng(seed)
        transform = transforms.camera(random).transforms[0]
        x, g = RANDOM.random(size=(2, 224, 224, 3))
        assert np.isclose((transform(x) * g).sum(), (x * transform.back(g)).sum(), rtol=1e-5)


def test_a_camera_is_photographed_with_a_way_back():
    """The same numbers drawn, the same picture but for rounding, Pillow's approximate blur, and JPEG on top of both."""
    ours = transforms.camera(np.random.default_rng(5))(PANDA)
    theirs = transforms.photographed(PANDA, np.random.default_rng(5))
    assert np.abs(ours.astype(int) - theirs).mean() < 3 < np.abs(theirs.astype(int) - PANDA).mean()


def test_the_averaged_gradient_is_the_mean_of_what_comes_back(googlenet):
    gradient = averaged(googlenet, ["vulture"], copies=2, seed=3)(PANDA[None])
    random, expected = np.random.default_rng(3), []
    for camera in (transforms.camera(random) for _ in range(2)):
        lens, _ = camera.transforms
        expected.append(lens.back(googlenet.gradient(camera(PANDA), "vulture")))
    assert np.allclose(gradient[0], np.mean(expected, axis=0), atol=1e-4 * np.abs(expected).max())
