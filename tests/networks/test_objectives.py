"""Objectives: is each what it says, is its gradient right, and do they add? Judged by nudging and by PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import tricknet
from tricknet import images
from tricknet.networks.caffe_net import LayerError
from tricknet.networks.classifier import NoGradientError
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Channel, Class, Logit, Margin, Probability, Strength

CATS = ("Egyptian cat", "tiger cat", "tabby")  # a tuple, whose name in a report is always the same
INNER = ["conv1/7x7_s2", "conv2/3x3", "inception_3b/output", "inception_4d/output", "inception_5b/output"]
OBJECTIVES = [
    Class("tabby"),
    Class(CATS),
    Probability("Egyptian cat"),
    Logit("vulture"),
    Logit(CATS),
    Margin("tabby"),
    Channel("inception_4d/output", 142),
    Channel("inception_4c/5x5_reduce", 3),
    Channel("inception_3b/output", 36, at=(10, 12)),
    Strength("inception_4c/output"),
    0.8 * Class("vulture") + 0.2 * Channel("inception_4d/output", 142) - 1e-4 * Strength("inception_3a/output"),
]


@pytest.fixture(scope="module")
def cat():
    return images.example("cat")


@pytest.mark.parametrize("objective", OBJECTIVES, ids=repr)
def test_gradient_along_its_sign_by_central_differences(googlenet, cat, objective):
    gradient = googlenet.gradient(cat, objective)
    h = 0.002
    nudge = h * np.sign(gradient)
    measured = (googlenet.value(cat + nudge, objective) - googlenet.value(cat - nudge, objective)) / 2
    assert measured == pytest.approx(h * np.abs(gradient).sum(), rel=0.02)


def in_pytorch(torch, seen, objective, labels):
    """The objective again, written with PyTorch's own functions on the twin's layers."""
    total = 0
    for weight, term in objective.terms:
        if isinstance(term, Channel):
            channel = seen[term.layer][0, term.channel]
            value = channel.mean() if term.at is None else channel[term.at]
        elif isinstance(term, Strength):
            value = seen[term.layer].square().sum() / 2
        else:
            logits = seen["loss3/classifier"][0]
            inside = torch.tensor(labels.mask(term.target))
            log_p = logits.log_softmax(0)[inside].logsumexp(0)
            logit = logits[inside].logsumexp(0)
            value = {
                Class: log_p,
                Probability: log_p.exp(),
                Logit: logit,
                Margin: logit - logits[~inside].max(),
            }[type(term)]
        total = total + weight * value
    return total


@pytest.mark.parametrize("objective", [o for o in OBJECTIVES if "5x5_reduce" not in repr(o)], ids=repr)
def test_value_and_gradient_by_pytorch(googlenet, twin, torch, objective):
    """Less than 1 % apart (L2). The rest is a few ReLUs and ties that rounding settles differently in float32."""
    picture = images.example("coffee")
    x = torch.tensor(picture, dtype=torch.float64, requires_grad=True)
    seen = twin.layers((x - torch.tensor(tricknet.MEAN, dtype=torch.float64)).flip(2).permute(2, 0, 1)[None])
    expected = in_pytorch(torch, seen, objective, googlenet.labels)
    expected.backward()
    found = googlenet.gradient(picture, objective)
    assert googlenet.value(picture, objective) == pytest.approx(expected.item(), rel=1e-3, abs=1e-4)
    assert np.linalg.norm(found - x.grad.numpy()) < 0.01 * np.linalg.norm(x.grad.numpy())


@pytest.mark.parametrize(
    ("layer", "size"), list(zip(INNER, [(32, 32), (100, 333), (300, 260), (33, 64), (224, 96)], strict=True))
)
def test_other_sizes_by_pytorch(googlenet, twin, torch, cat, layer, size):
    picture = np.array(Image.fromarray(cat).resize(size[::-1]))
    x = torch.tensor(picture, dtype=torch.float64, requires_grad=True)
    seen = twin.layers(
        (x - torch.tensor(tricknet.MEAN, dtype=torch.float64)).flip(2).permute(2, 0, 1)[None], classifier=False
    )
    activations = googlenet.activations(picture, layer)
    expected = seen[layer][0].permute(1, 2, 0).detach().numpy()
    assert activations.dtype == np.float32 and activations.shape == expected.shape
    assert np.abs(activations - expected).max() < 1e-4 * expected.max()
    (seen[layer].square().sum() / 2).backward()
    found = googlenet.gradient(picture, Strength(layer))
    assert np.linalg.norm(found - x.grad.numpy()) < 0.01 * np.linalg.norm(x.grad.numpy())


def test_activations_of_every_layer(googlenet, squeezenet, cat):
    for layer, activations in squeezenet.by_layer(cat).items():
        assert np.isfinite(activations).all()
        np.testing.assert_array_equal(activations, squeezenet.activations(cat, layer))
    assert squeezenet.activations(cat, squeezenet.logits).shape == (1000,)
    both = googlenet.activations(np.stack([cat, cat[::-1]]), "inception_4d/output")
    assert both.shape == (2, 14, 14, 528)
    np.testing.assert_allclose(both[0], googlenet.activations(cat, "inception_4d/output"), atol=1e-3)


def test_probabilities_are_the_softmax_of_the_logits(googlenet, cat):
    logits = googlenet.activations(cat, "loss3/classifier").astype(np.float64)
    p = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(googlenet.predict(cat).probabilities, p, atol=1e-6)


def test_a_batch_with_an_objective_per_picture(googlenet, cat):
    objectives = [Class("tabby"), Strength("inception_3b/output"), Channel("inception_4d/output", 142)]
    together = googlenet.gradient(np.stack([cat] * 3), objectives)
    for objective, gradient in zip(objectives, together, strict=True):
        alone = googlenet.gradient(cat, objective)
        assert np.linalg.norm(gradient - alone) < 1e-3 * np.linalg.norm(alone)


def test_sums_multiples_and_negatives_are_linear(googlenet, cat):
    a, b = Class("vulture"), Channel("inception_4d/output", 142)
    ga, gb = googlenet.gradient(cat, a), googlenet.gradient(cat, b)
    scale = np.abs(ga).max()
    np.testing.assert_allclose(googlenet.gradient(cat, 0.8 * a + np.float64(200) * b), 0.8 * ga + 200 * gb, atol=1e-4)
    np.testing.assert_allclose(googlenet.gradient(cat, -a), -ga, atol=1e-5 * scale)
    np.testing.assert_allclose(googlenet.gradient(cat, a - 3 * a), -2 * ga, atol=1e-5 * scale)
    assert googlenet.value(cat, 2 * a + b) == pytest.approx(2 * googlenet.value(cat, a) + googlenet.value(cat, b))


def test_one_objective_leaves_nothing_behind_for_the_next(googlenet, cat):
    objectives = [*OBJECTIVES, Channel("prob", 281), Strength("inception_5b/output")]
    for picture in (cat, cat[:100]):
        fits = [o for o in objectives if picture is cat or o.terms[0][1].layer not in (None, "prob")]
        fits = [o for o in fits if picture is cat or len(o.terms) == 1]
        fresh = {repr(o): googlenet.gradient(picture, o) for o in fits}
        for objective in reversed(fits):
            np.testing.assert_array_equal(googlenet.gradient(picture, objective), fresh[repr(objective)])


def test_the_probability_layer_as_a_channel_is_the_probability(googlenet, cat):
    tabby = googlenet.labels.find("tabby")
    expected = googlenet.gradient(cat, Probability("tabby"))
    for _ in range(2):
        found = googlenet.gradient(cat, Channel("prob", tabby))
        np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


@given(
    logits=arrays.arrays(np.float64, 1000, elements=st.floats(-50, 50)),
    target=st.integers(0, 999),
    other=st.integers(0, 999),
)
def test_what_the_terms_mean(logits, target, other):
    labels = Labels()
    p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    chosen = sorted({target, other})
    value = {kind: kind(set(chosen)).measure(logits, labels)[0] for kind in (Class, Probability, Logit, Margin)}
    assert value[Probability] == pytest.approx(p[chosen].sum())
    assert value[Class] == pytest.approx(np.log(p[chosen].sum()), abs=1e-9)
    assert value[Logit] == pytest.approx(np.log(np.exp(logits[chosen]).sum()))
    assert value[Margin] == pytest.approx(value[Logit] - np.delete(logits, chosen).max())
    for kind in (Class, Probability):
        _, slope = kind(set(chosen)).measure(logits, labels)
        assert abs(slope.sum()) < 1e-9, "adding the same to every logit changes no probability"


@pytest.mark.parametrize(
    "objective, error, words",
    [
        (Strength("inception_4d"), LayerError, "inception_4d/output"),
        (Channel("qqq", 1), LayerError, "The layers are: conv1/7x7_s2"),
        (Channel("inception_4d/output", 528), ValueError, "528 channels, numbered 0 to 527"),
        (Channel("inception_4d/output", 1, at=(14, 0)), ValueError, "14 x 14"),
        (Logit("teapto"), KeyError, "teapot"),
        (Class(set(range(1000))), ValueError, "every class"),
        (Class(()), ValueError, "at least one"),
    ],
)
def test_bad_objectives_get_a_sentence(googlenet, cat, objective, error, words):
    with pytest.raises(error, match=words):
        googlenet.gradient(cat, objective)


@pytest.mark.parametrize(
    "picture, objective, error, words",
    [
        (np.zeros((31, 40, 3), np.uint8), Strength("inception_3a/output"), ValueError, "32 to 1024"),
        (np.zeros((64, 1025, 3), np.uint8), Strength("inception_3a/output"), ValueError, "32 to 1024"),
        (np.zeros((64, 64), np.uint8), Strength("inception_3a/output"), ValueError, "height x width x channels"),
        (np.zeros((64, 64, 4), np.uint8), Strength("inception_3a/output"), ValueError, "64 x 64 x 4"),
        (np.zeros((64, 64, 3), np.uint8), Class("vulture"), ValueError, "images.load"),
        (np.zeros((64, 64, 3), np.uint8), Channel("pool5/7x7_s1", 0), ValueError, "images.load"),
        (np.zeros((224, 224, 3), np.uint8), Channel("loss3/classifier", 1000), ValueError, "1000 channels"),
    ],
)
def test_bad_sizes_get_a_sentence(googlenet, picture, objective, error, words):
    with pytest.raises(error, match=words):
        googlenet.gradient(picture, objective)


def test_too_little_memory_is_a_sentence(googlenet, monkeypatch):
    monkeypatch.setattr(tricknet.networks.classifier.memory, "available", lambda: 10**9)
    with pytest.raises(MemoryError, match=r"1\.8 GB, and 1\.0 GB are free"):
        googlenet.gradient(np.zeros((1024, 1024, 3), np.uint8), Strength("inception_3a/output"))


def test_a_channel_that_nothing_excites_says_so(googlenet):
    black = np.zeros((224, 224, 3), np.uint8)
    dead = int(np.flatnonzero(~googlenet.activations(black, "inception_4d/output").any(axis=(0, 1)))[0])
    with pytest.raises(NoGradientError, match="start from noise"):
        googlenet.gradient(black, Channel("inception_4d/output", dead))
