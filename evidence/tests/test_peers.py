"""Do peers attack the very network that we attack?"""

import numpy as np
import pytest

from evidence.peers import as_torch
from tricknet import images

PANDA = images.load("panda")


@pytest.mark.parametrize("rounded", [False, True])
def test_a_library_gets_the_network_s_own_gradient(squeezenet, torch, rounded):
    seen, targets, off = [], [23, 700], np.float32(0.3)
    asked = as_torch(squeezenet, rounded=rounded, watch=lambda *both: seen.append(both))
    pictures = np.stack([PANDA, np.full_like(PANDA, 100)]) + off
    x = (torch.tensor(pictures).permute(0, 3, 1, 2) / 255).requires_grad_()
    logits = asked(x)
    (-torch.nn.functional.cross_entropy(logits, torch.tensor(targets), reduction="sum")).backward()

    ((shown, said),) = seen
    np.testing.assert_allclose(shown, pictures - off if rounded else pictures, atol=1e-4)
    assert (shown == np.rint(shown)).all() == rounded and asked.gradients == 1
    answers, gradients = squeezenet.predict_and_gradient(shown, targets)
    np.testing.assert_allclose(said, [one.probabilities for one in answers], atol=1e-6)
    np.testing.assert_allclose(torch.softmax(logits, 1).detach(), said, atol=1e-6)
    found = x.grad.permute(0, 2, 3, 1).numpy() / 255
    np.testing.assert_allclose(found, gradients, atol=1e-4 * np.abs(gradients).max())
