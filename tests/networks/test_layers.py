"""Are the prototxt files what the tables say, and what the trained weights were trained for?"""

import tarfile

import caffe
import numpy as np
import pytest
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.networks import modules, trained
from tricknet.paths import ROOT


def parsed(text):
    """The text as Caffe's own message, which refuses unknown fields."""
    return text_format.Parse(text, caffe_pb2.NetParameter())


def essence(net):
    """The layers as {name: text}, without what only matters in training or is Caffe's default."""
    layers = {}
    for layer in net.layer:
        without_training(layer)
        for parameters in (layer.convolution_param, layer.inner_product_param):
            for filler in ("weight_filler", "bias_filler"):
                parameters.ClearField(filler)
        if layer.pooling_param.stride == 1:
            layer.pooling_param.ClearField("stride")
        layers[layer.name] = str(layer)
    return layers


def without_training(layer):
    for field in ("param", "propagate_down", "loss_weight"):
        layer.ClearField(field)


def test_googlenet_is_bvlc_s_own_without_dropout():
    """BVLC's deploy.prototxt comes with Caffe's source, which building Caffe has fetched."""
    archives = list((ROOT / "caffe-cpu" / "source").glob("*.tar.gz"))
    if not archives:
        pytest.skip("Caffe's source is not here: caffe-cpu/build.sh fetches it")
    with tarfile.open(archives[0]) as archive:
        name = f"{archives[0].name.removesuffix('.tar.gz')}/models/bvlc_googlenet/deploy.prototxt"
        bvlc = parsed(archive.extractfile(name).read().decode())
    bvlc.layer[0].input_param.shape[0].dim[0] = 1  # we start with one picture, they with ten
    expected = essence(bvlc)
    del expected["pool5/drop_7x7_s1"]
    assert essence(parsed(modules()["googlenet"].prototxt())) == expected


def gradient(file, network, picture):
    """(the picture's gradient of the last label's log-probability, the layers whose weights got one)"""
    net, logits = caffe.Net(str(file), str(network.weights), caffe.TEST), network.logits
    net.blobs["data"].data[...] = picture
    p = net.forward()["prob"]
    net.blobs[logits].diff.flat = np.eye(p.size)[-1] - p.ravel()
    net.backward(start=logits)
    return net.blobs["data"].diff.copy(), {n for n, blobs in net.params.items() if any(b.diff.any() for b in blobs)}


@pytest.mark.parametrize("name", sorted(trained()))
def test_same_gradient_as_force_backward_without_the_weights_gradients(name, networks, tmp_path, monkeypatch):
    """Bit for bit, on Caffe's own layers: the fast ones are only taken where no weights' gradients are wanted."""
    monkeypatch.setenv("CAFFE_FAST", "0")
    network, file = networks[name], tmp_path / "usual.prototxt"
    usual = parsed(network.prototxt.read_text())
    usual.force_backward = True
    for layer in usual.layer:
        without_training(layer)
    file.write_text(str(usual))
    picture = np.random.default_rng(0).uniform(-120, 130, network.shapes["data"])
    expected, every_layer = gradient(file, network, picture)
    ours, first = gradient(network.prototxt, network, picture)
    assert ours.any() and len(first) == 1 < len(every_layer)
    np.testing.assert_array_equal(ours, expected)
