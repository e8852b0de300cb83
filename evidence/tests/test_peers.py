"""Do peers attack the very network that we attack, and does the race count rightly, and go on without a rival?"""

import numpy as np
import pytest

from evidence.peers import as_torch, on_pictures
from evidence.race import step as race
from tests.facts import numbers
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


def test_pictures_go_through_an_attack_and_come_back(torch):
    pictures = np.stack([PANDA, 255 - PANDA])
    back = on_pictures(lambda x, t: 1 - x, pictures, [1, 2])
    np.testing.assert_allclose(back, pictures[::-1].astype(float), atol=1e-4)


def test_shares_of_the_limit_are_taken_within_a_turn():
    """A slow turn is slow for all: 10 of 20 and 30 of 60 are half, whatever the medians are."""
    times = {"limit": [10, 30, 11], "fast": [20, 60]}
    assert race.shares(times, "fast") == [50, 50]
    first, *_, last = race.table(times).splitlines()
    assert numbers(last) == [40, 30, 50, 50, 50, 50]
    assert numbers(first) == [633]  # GFLOP/s: 2 * 2 * 1.583e9 operations in 10 ms: as fast as it ever was


@pytest.mark.long
@pytest.mark.parametrize("name", race.RIVALS)
def test_every_rival_runs_beside_one_that_cannot_start(name, request):
    if name.startswith("torch"):
        request.getfixturevalue("torch")
    times = race.race(["nobody", name], threads=1, turns=1)
    assert times["nobody"] == [] and times[name][0] > 0
