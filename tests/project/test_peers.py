"""Caffe's network as other libraries see it: the same answers and gradients, whole numbers, and nothing uncounted."""

import numpy as np
import pytest

from benchmarks.peers import network
from tricknet import images

PANDA = images.example("panda")


@pytest.mark.parametrize("rounded", [False, True])
def test_a_library_gets_the_network_s_own_gradient(squeezenet, torch, rounded):
    seen = []
    asked = network(squeezenet, rounded=rounded, watch=lambda shown, said: seen.append((shown, said)))
    targets, off = [23, 700], np.float32(0.3)
    pictures = np.stack([PANDA.astype(np.float32), np.full(PANDA.shape, 100, np.float32)]) + off
    x = (torch.tensor(pictures).permute(0, 3, 1, 2) / 255).requires_grad_()
    logits = asked(x)
    (-torch.nn.functional.cross_entropy(logits, torch.tensor(targets), reduction="sum")).backward()

    ((shown, said),) = seen
    expected = pictures - off if rounded else pictures
    np.testing.assert_allclose(shown, expected, atol=1e-4)
    assert (shown == np.rint(shown)).all() == rounded and asked.gradients == 1
    answers, gradients = squeezenet.predict_and_gradient(shown, targets)
    np.testing.assert_allclose(said, [one.probabilities for one in answers], atol=1e-6)
    np.testing.assert_allclose(torch.softmax(logits, 1).detach(), said, atol=1e-6)
    found = x.grad.permute(0, 2, 3, 1).numpy() / 255
    np.testing.assert_allclose(found, gradients, atol=1e-4 * np.abs(gradients).max())
