"""Does the proof of trained weights let the right ones pass, and no others?"""

import caffe
import numpy as np
import pytest
from caffe.proto import caffe_pb2

from tricknet.networks import all_networks, fashion, weights


@pytest.fixture
def stored(googlenet):
    """GoogLeNet's trained weights as Caffe writes them today, to be changed and written elsewhere."""
    net = caffe.Net(str(googlenet.prototxt), str(googlenet.weights), caffe.TEST)
    with weights.weights_file(net) as path:
        return caffe_pb2.NetParameter.FromString(path.read_bytes())


@pytest.mark.parametrize("name", sorted(all_networks().keys() - fashion.NETWORKS.keys()))
def test_the_trained_weights_pass(name, networks):
    path = networks[name].weights
    assert weights.verify(path.parent, path).endswith("10 known answers: all correct")


@pytest.mark.long
def test_a_file_in_the_format_of_2014_passes(googlenet, stored, tmp_path):
    """BVLC wrote `layers`, and four axes for each blob."""
    old = caffe_pb2.NetParameter(name="GoogleNet")
    for layer in stored.layer:
        if layer.blobs:
            kind = {"Convolution": "CONVOLUTION", "InnerProduct": "INNER_PRODUCT"}[layer.type]
            copy = old.layers.add(name=layer.name, type=kind, blobs=layer.blobs)
            for blob in copy.blobs:
                axes = [1] * (4 - len(blob.shape.dim)) + list(blob.shape.dim)
                blob.ClearField("shape")
                blob.num, blob.channels, blob.height, blob.width = axes
    path = tmp_path / "old.caffemodel"
    path.write_bytes(old.SerializeToString())
    assert "58 layers" in weights.verify(googlenet.prototxt.parent, path)


def poison(layer):
    layer.blobs[0].data[7] = np.inf


def transpose(layer):
    layer.blobs[0].shape.dim[:2] = layer.blobs[0].shape.dim[1::-1]


def swap_red_and_blue(layer):
    array = np.array(layer.blobs[0].data).reshape(tuple(layer.blobs[0].shape.dim))
    layer.blobs[0].data[:] = array[:, ::-1].ravel()


def nudge(layer):
    layer.blobs[1].data[885] += 0.01


@pytest.mark.parametrize(
    "name, do, complaint",
    [
        ("inception_4c/5x5", poison, "inception_4c/5x5 holds numbers"),
        ("loss3/classifier", transpose, "loss3/classifier has shapes"),
        ("inception_3a/1x1", lambda layer: layer.blobs[1].data.pop(), "inception_3a/1x1 has shapes"),
        ("inception_5b/pool_proj", lambda layer: layer.ClearField("blobs"), "inception_5b/pool_proj is missing"),
        # The black picture alone would let this one pass.
        ("conv1/7x7_s2", swap_red_and_blue, "the ramps picture"),
        ("loss3/classifier", nudge, "the black picture"),
    ],
)
def test_changed_weights_are_refused(googlenet, stored, tmp_path, name, do, complaint):
    do(next(layer for layer in stored.layer if layer.name == name))
    path = tmp_path / "changed.caffemodel"
    path.write_bytes(stored.SerializeToString())
    with pytest.raises(weights.WeightsError, match=complaint):
        weights.verify(googlenet.prototxt.parent, path)
