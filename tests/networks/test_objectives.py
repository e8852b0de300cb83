"""Objectives: is each what it says, is its gradient right, and do they add? PyTorch judges."""

import numpy as np
import pytest
from PIL import Image

from tricknet import images
from tricknet.networks import trained
from tricknet.networks.objectives import Channel, Class, Logit, Margin, Probability, Strength

CAT = images.load("cat")
CATS = ("Egyptian cat", "tiger cat", "tabby")  # a tuple, whose name in a report is always the same
OBJECTIVES = [
    Class("tabby"),
    Class(CATS),
    Probability("Egyptian cat"),
    Logit("vulture"),
    Logit(CATS),
    Margin("tabby"),
    Channel("prob", 281),
    Channel("inception_4d/output", 142),
    Channel("inception_4c/5x5_reduce", 3),
    Channel("inception_3b/output", 36),
    Strength("inception_4c/output"),
    0.8 * Class("vulture") + 0.2 * Channel("inception_4d/output", 142) - 1e-4 * Strength("inception_3a/output"),
]
# What EfficientNet-Lite0's weights as they were published say of photographs: the four most probable classes. PyTorch
# computed it in float64, as Google's efficientnet_lite_builder.py does: with batch normalisation and one-sided padding.
PUBLISHED = {
    "alp": {970: 0.713109, 979: 0.141189, 672: 0.030386, 972: 0.006431},
    "banana": {954: 0.777240, 942: 0.017258, 950: 0.009226, 945: 0.006469},
    "beacon": {437: 0.958088, 442: 0.016183, 497: 0.005020, 538: 0.001725},
    "bison": {347: 0.805579, 345: 0.054175, 346: 0.021776, 348: 0.003258},
    "castle": {483: 0.935151, 698: 0.020716, 497: 0.005979, 449: 0.003969},
}


def in_pytorch(torch, blobs, objective, labels):
    """The objective again, written with PyTorch's own functions on its blobs."""
    total = 0
    for weight, term in objective.terms:
        if isinstance(term, Channel):
            value = blobs[term.layer][0, term.channel].mean()
        elif isinstance(term, Strength):
            value = blobs[term.layer].square().sum() / 2
        else:
            logits = blobs["loss3/classifier"][0]
            inside = torch.tensor(labels.mask(term.target))
            log_p = logits.log_softmax(0)[inside].logsumexp(0)
            logit = logits[inside].logsumexp(0)
            margin = logit - logits[~inside].max()
            value = {Class: log_p, Probability: log_p.exp(), Logit: logit, Margin: margin}[type(term)]
        total = total + weight * value
    return total


def close(gradient, truth):
    """Less than 1 % apart (L2). The rest is a few ReLUs and ties that rounding settles differently in float32."""
    return np.linalg.norm(gradient - truth) < 0.01 * np.linalg.norm(truth)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=repr)
def test_value_and_gradient_by_pytorch(googlenet, torch, objective):
    from tools.reference.torch_net import blobs_of

    picture = images.load("coffee")
    x, blobs = blobs_of(googlenet, picture)
    expected = in_pytorch(torch, blobs, objective, googlenet.labels)
    expected.backward()
    assert googlenet.value(picture, objective) == pytest.approx(expected.item(), rel=1e-3, abs=1e-4)
    assert close(googlenet.gradient(picture, objective), x.grad.numpy())


@pytest.mark.parametrize("name", PUBLISHED)
def test_efficientnet_lite0_is_the_published_one(networks, name):
    """On Caffe and with its normalisation folded in."""
    said = networks["EfficientNet-Lite0"].predict(images.load(name))
    assert {answer.index: answer.probability for answer in said.top(4)} == pytest.approx(PUBLISHED[name], abs=1e-5)


@pytest.mark.parametrize("name", sorted(trained()))
def test_every_network_s_gradient_by_pytorch(networks, torch, name):
    from tools.reference.torch_net import gradient

    network, (height, width) = networks[name], networks[name].size
    picture = CAT[:height, :width, : network.channels]
    assert close(network.gradient(picture, {3, 5}), gradient(network, picture, [3, 5], 1))


INNER = ["conv1/7x7_s2", "conv2/3x3", "inception_3b/output", "inception_4d/output", "inception_5b/output"]
SIZES = [(32, 32), (100, 333), (300, 260), (33, 64), (224, 96)]


@pytest.mark.parametrize(("layer", "size"), [*zip(INNER, SIZES, strict=True)])
def test_other_sizes_by_pytorch(googlenet, torch, layer, size):
    from tools.reference.torch_net import blobs_of

    picture = np.array(Image.fromarray(CAT).resize(size[::-1]))
    x, blobs = blobs_of(googlenet, picture)
    in_pytorch(torch, blobs, Strength(layer), googlenet.labels).backward()
    activations, expected = googlenet.activations(picture, layer), blobs[layer][0].permute(1, 2, 0).detach().numpy()
    assert activations.dtype == np.float32
    np.testing.assert_allclose(activations, expected, atol=1e-4 * expected.max(), rtol=0)
    assert close(googlenet.gradient(picture, Strength(layer)), x.grad.numpy())


def test_activations_of_every_layer(squeezenet):
    for layer, activations in squeezenet.by_layer(CAT, squeezenet.shapes.keys() - {"data"}).items():
        assert np.isfinite(activations).all()
        np.testing.assert_array_equal(activations, squeezenet.activations(CAT, layer))
    assert squeezenet.activations(CAT, squeezenet.logits).shape == (1000,)


@pytest.mark.parametrize("picture", [CAT, CAT[:100]], ids=["224 x 224", "100 x 224"])
def test_one_objective_leaves_nothing_behind_for_the_next(googlenet, picture):
    inner = [Strength("inception_5b/output"), *OBJECTIVES[7:11]]
    objectives = [*inner, *OBJECTIVES] if picture is CAT else inner
    fresh = [googlenet.gradient(picture, objective) for objective in objectives]
    for objective, gradient in reversed(list(zip(objectives, fresh, strict=True))):
        np.testing.assert_array_equal(googlenet.gradient(picture, objective), gradient)
