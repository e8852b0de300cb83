"""The lamp: maps of where the network looks, against what they should be by definition."""

import numpy as np
import pytest
from scipy import ndimage

from lessons.lamp import saliency
from lessons.lamp.check import check
from tricknet import images
from tricknet.networks.objectives import Logit

PANDA = images.load("panda")


def test_the_class_activations_and_the_bias_add_up_to_the_score(googlenet):
    label = googlenet.labels.find("giant panda")
    shares, (_, biases) = saliency.class_activation(googlenet, PANDA, label), googlenet.parameters[googlenet.logits]
    assert shares.shape == (7, 7)
    assert shares.sum() + biases[label] == pytest.approx(googlenet.value(PANDA, Logit(label)), abs=1e-3)


@pytest.mark.long
def test_occlusion_is_the_fall_of_the_score(googlenet):
    falls, covered = saliency.occlusion(googlenet, PANDA, "giant panda"), PANDA.copy()
    covered[48:112, 16:80] = googlenet.mean  # around the middle of row 2, column 1: (80, 48)
    whole, without = (googlenet.value(picture, Logit("giant panda")) for picture in (PANDA, covered))
    assert falls.shape == (7, 7) and falls[2, 1] == pytest.approx(whole - without, abs=1e-3)


def test_without_noise_smoothgrad_is_the_gradient(googlenet, monkeypatch):
    monkeypatch.setattr(saliency, "NOISE", 0)
    smooth = saliency.smooth_gradient(googlenet, PANDA, "vulture")
    assert np.allclose(smooth, googlenet.gradient(PANDA, Logit("vulture")), atol=1e-7)


def test_squares_are_means_with_signs_or_without():
    array = np.zeros((14, 14, 3))
    array[0, 0] = [-1, 2, -3]
    assert saliency.squares(array)[0, 0] == 6 / 4 and saliency.squares(array, signs=True)[0, 0] == -2 / 4
    assert not saliency.squares(array)[1:].any() and not saliency.squares(array)[:, 1:].any()
    grid = np.arange(-24.0, 25).reshape(7, 7)
    assert (saliency.squares(grid, signs=True) == grid).all() and (saliency.squares(grid) == np.abs(grid)).all()


@pytest.mark.parametrize("alike", [False, True])
def test_rivals_hold_as_much_change_as_the_squares_that_they_replace(alike):
    random, mask = np.random.default_rng(0), saliency.strongest(saliency.lamp(4, 1))
    rivals = saliency.as_much(change := random.random((7, 7)), mask, random, alike=alike)
    assert len({rival.tobytes() for rival in rivals}) == saliency.DRAWS
    assert all(rival.sum() == 10 and (ndimage.label(rival)[1] == 1 or not alike) for rival in rivals)
    assert not alike or all(abs((saliency.LAMP[rival] - saliency.LAMP[mask]).mean()) <= 0.1 for rival in rivals)
    assert all(abs(change[rival].sum() - change[mask].sum()) <= change.sum() / 100 for rival in rivals)


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    values = saliency.class_activation(googlenet, PANDA, "giant panda")
    assert check("0.2", saliency.strongest(values, 20))
    refused("0.2", (np.ones((7, 7)),), (np.zeros((7, 7)),), (np.zeros((7, 8)),))
    assert check("0.3", lambda picture: saliency.squares(np.hypot(*np.gradient(picture.mean(axis=2)))) * saliency.LAMP)
    squashed = -np.hypot(*(np.mgrid[-3:4, -3:4].T * (1.5, 1)).T)  # a lamp, too
    refused("0.3", (saliency.LAMP,), *((lambda picture, v=v: v,) for v in (squashed, np.zeros((7, 7)), "the middle")))
