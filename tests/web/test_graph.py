"""Is the page's network the network, and its gradient the gradient? Caffe judges, and PyTorch in float64."""

import numpy as np
import pytest

from lessons.inside import inside
from tricknet import fashion_mnist, images
from tricknet.networks import all_networks
from tricknet.networks.classifier import Classifier
from tricknet.networks.labels import Labels
from tricknet.networks.layers import Network
from tricknet.networks.objectives import Channel, Class, Logit, Objective, Probability

pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")
pytest.importorskip("onnxruntime", reason="pip install -r requirements/dev.txt")

from benchmarks.graph import compared, error, objectives
from tests.reference.onnx_twin import OnnxTwin
from web.graph import UnknownLayerError, graph_of

VULTURE = 23
PANDA = images.example("panda")


class Twins(dict):
    """The graph of each network, (name, half), made when it is first asked for."""

    def __init__(self, networks):
        super().__init__()
        self.networks = networks

    def __missing__(self, key):
        name, half = key
        self[key] = OnnxTwin(self.networks[name], half=half)
        return self[key]


@pytest.fixture(scope="module")
def twins(networks):
    return Twins(networks)


def pictures(model):
    """What a network is for: three photographs, none of which a page ships, or clothes."""
    if model.channels == 1:
        return dict(enumerate(fashion_mnist.test_set()[0][:3]))
    return {name: images.load(name) for name in (images.EVIDENCE[0], *images.HELD_OUT[:2])}


@pytest.mark.long
@pytest.mark.parametrize("name", all_networks())
def test_answers_and_gradients_are_caffe_s(networks, twins, name):
    """Probabilities to 1e-5, and gradients to 1% wherever a touch does not move Caffe's own by as much.

    Clothes lie on plain black: every touch there decides ties, but nothing touches them here.
    """
    model, steady = networks[name], 0
    for picture_name, picture in pictures(model).items():
        for _, objective in objectives(model, str(picture_name), picture):
            found = compared(model, {"exact": twins[name, False]}, picture, objective)
            assert found["p exact"] < 1e-5
            firm = found["moved"] < 0.01 or model.channels == 1
            assert found["g exact"] < (0.01 if firm else 2 * found["moved"])
            steady += firm
    assert steady >= 2, "else this would test next to nothing"


@pytest.mark.long
@pytest.mark.parametrize("name", all_networks())
def test_half_precision_moves_these_pictures_probabilities_by_less_than_a_thousandth(networks, twins, name):
    model, exact, half = networks[name], twins[name, False], twins[name, True]
    assert half.bytes < 0.6 * exact.bytes
    for picture in pictures(model).values():
        said = model.predict(picture)
        answer, gradient = half.ask(picture, [3], 1)
        assert 0 < np.abs(answer - said.probabilities).max() < 1e-3
        assert error(gradient, model.gradient(picture, 3)) < 0.2


@pytest.mark.parametrize("name", ["GoogLeNet", "SqueezeNet", "EfficientNet-Lite0", "FashionNet robust"])
def test_the_gradient_is_pytorch_s_in_float64(networks, twins, torch, name):
    """Of a picture on which no rounding decides. Both of Caffe and of the graph."""
    from tests.reference import torch_net

    picture = PANDA if networks[name].channels == 3 else fashion_mnist.test_set()[0][0]
    index = VULTURE if networks[name].channels == 3 else 3
    truth = torch_net.gradient(networks[name], picture, [index], 1)
    assert error(twins[name, False].ask(picture, [index], 1)[1], truth) < 1e-4
    assert error(networks[name].gradient(picture, index), truth) < 1e-4


def test_every_objective_of_the_logits_is_a_weight_and_a_slope(squeezenet, twins):
    """A logit, less of a set, and both at once."""
    ask, logit = twins["SqueezeNet", False].ask, np.eye(1000, dtype=np.float32)[7]
    cats = frozenset({281, 282, 285})
    for weight, slope, objective in (
        (0, logit, Logit(7)),
        (-2, None, -2 * Class(cats)),
        (0.5, 3 * logit, 0.5 * Class(cats) + 3 * Logit(7)),
    ):
        assert error(ask(PANDA, cats, weight, slope)[1], squeezenet.gradient(PANDA, objective)) < 0.01
    probability = squeezenet.predict(PANDA)[VULTURE]  # the article's objective: the slope of p is p times that of log p
    assert error(ask(PANDA, [VULTURE], probability)[1], squeezenet.gradient(PANDA, Probability(VULTURE))) < 0.01


@pytest.mark.parametrize("half", [False, True])
def test_channels_of_an_inner_layer_can_be_climbed(googlenet, half):
    """One channel, and several at once, some of them down. What is not climbed has no part in it."""
    twin, picture = OnnxTwin(googlenet, half=half, inner=inside.ATLAS), images.load(images.HELD_OUT[0])
    every = np.random.default_rng(0).normal(size=528)
    for weights in (np.eye(528)[497], every):
        means, gradient = twin.climb(picture, weights)
        objective = sum((w * Channel(inside.ATLAS, i) for i, w in enumerate(weights) if w), Objective([]))
        assert error(gradient, googlenet.gradient(picture, objective)) < (0.2 if half else 0.01)
        expected = googlenet.activations(picture, inside.ATLAS).mean(axis=(0, 1))
        np.testing.assert_allclose(means, expected, atol=(0.02 if half else 1e-4) * expected.max())
    gradient = twin.ask(picture, [VULTURE], 1)[1]
    assert error(gradient, googlenet.gradient(picture, VULTURE)) < (0.2 if half else 0.01)


def test_an_inner_layer_is_climbed_after_its_relu(tmp_path):
    """Caffe's ReLU works in place, and the channel is what it leaves."""
    model = made_up(tmp_path, lambda net: net.full("scores", net.conv("conv", "data", 4, 3), 2))
    twin, picture = OnnxTwin(model, inner="conv"), np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8)
    for channel in range(4):
        means, gradient = twin.climb(picture, np.eye(4)[channel])
        truth = model.gradient(picture, Channel("conv", channel))
        assert error(gradient, truth) < 1e-5
        np.testing.assert_allclose(means, model.activations(picture, "conv").mean(axis=(0, 1)), rtol=1e-5)


def test_where_the_network_is_sure_there_is_still_a_gradient(networks, twins):
    """1 - p has no digit left in float32. Caffe's slope is computed in float64, which has five left at 1e-11."""
    model, clothes = networks["FashionNet plain"], fashion_mnist.test_set()[0][:1000]
    said = [answer.probabilities for answer in model.predict(clothes)]
    sure = [(picture, int(p.argmax())) for picture, p in zip(clothes, said, strict=True) if p.max() == 1]
    sure = [(picture, right) for picture, right in sure if model.value(picture, right) < -1e-11]
    assert len(sure) >= 5
    for picture, right in sure:
        gradient = twins["FashionNet plain", False].ask(picture, [right], 1)[1]
        assert gradient.any() and error(gradient, model.gradient(picture, right)) < 0.01


def test_a_network_that_was_asked_of_a_batch_has_the_same_graph(networks):
    model = networks["FashionNet robust"]
    one, batch = (
        (model.predict(fashion_mnist.test_set()[0][:n]), graph_of(model).SerializeToString())[1] for n in (1, 7)
    )
    assert one == batch


def made_up(tmp_path, layers, side=9):
    """A classifier of made-up layers with random weights, as Caffe's own file and network."""
    import caffe

    net = Network("made up", "Made up.", side)
    net.softmax(layers(net))
    path = tmp_path / "deploy.prototxt"
    path.write_text(net.text)
    filled, random = caffe.Net(str(path), caffe.TEST), np.random.default_rng(0)
    for blobs in filled.params.values():
        for blob in blobs:
            blob.data[...] = random.normal(0, 0.02, blob.data.shape)
    filled.save(str(tmp_path / "weights.caffemodel"))
    (tmp_path / "labels.txt").write_text("n1 this\nn2 that\n")
    labels = Labels(tmp_path / "labels.txt")
    return Classifier(path, tmp_path / "weights.caffemodel", logits="scores", mean=(1, 2, 3), labels=labels)


SHAPES = {
    "a last window that reaches out": lambda net: net.max_pool("pool", net.conv("conv", "data", 4, 3), stride=3),
    "a padded pooling": lambda net: net.max_pool("pool", net.conv("conv", "data", 4, 2, 1, 3), stride=2, pad=1),
    "strides that leave pixels over": lambda net: net.conv("conv", "data", 4, 2, stride=4),
    "groups": lambda net: net.conv("two", net.conv("one", "data", 4, 3), 6, 3, group=2, then="ReLU6"),
    "branches": lambda net: net.add(
        "sum", [x := net.conv("one", "data", 4, 3), net.conv("two", x, 4, 3, pad=1, then="")]
    ),
    "neighbours at the edge": lambda net: net.normalise("norm", net.conv("conv", "data", 3, 3)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_layers_of_other_shapes_than_the_networks(tmp_path, shape):
    model = made_up(tmp_path, lambda net: net.full("scores", SHAPES[shape](net), 2))
    twin = OnnxTwin(model)
    for picture in np.random.default_rng(1).integers(0, 256, (5, 9, 9, 3), np.uint8):
        answer, gradient = twin.ask(picture, [1], 1)
        said, truth = model.predict_and_gradient(picture, 1)
        np.testing.assert_allclose(answer, said.probabilities, atol=1e-6)
        np.testing.assert_allclose(gradient, truth, atol=1e-4 * np.abs(truth).max())


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("Sigmoid", "", "of the type Sigmoid"),
        ("Convolution", "convolution_param { num_output: 2 kernel_size: 2 dilation: 2 }", "dilation"),
        ("Pooling", "pooling_param { pool: AVE kernel_size: 3 }", "over everything only"),
        ("LRN", "lrn_param { beta: 0.5 }", "LRN"),
        ("ReLU", "relu_param { negative_slope: 0.1 }", "negative_slope"),
    ],
)
def test_what_is_not_known_is_refused(tmp_path, kind, settings, words):
    model = made_up(tmp_path, lambda net: net.full("scores", net._layer("odd", kind, ["data"], settings), 2))
    with pytest.raises(UnknownLayerError, match=f"odd.*{words}"):
        graph_of(model)
