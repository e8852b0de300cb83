"""Do weights get into a network only from a file that holds them? For whatever else, Caffe ends the whole process."""

import re

import pytest
from caffe.proto import caffe_pb2

from tricknet.networks.classifier import Classifier
from tricknet.networks.weights import WeightsError


def transposed(net):
    net.layer[1].blobs[0].shape.dim[:2] = net.layer[1].blobs[0].shape.dim[1::-1]


CHANGES = [  # of SqueezeNet's trained weights, and a fact about it
    (transposed, "conv1"),
    (lambda net: net.layer[1].blobs[1].data.pop(), "conv1"),
    (lambda net: net.layer[1].ClearField("blobs"), "conv1"),
    (lambda net: net.layer.append(net.layer[1]), ""),
    (lambda net: net.layers.add(name="conv10", blobs=net.layer[1].blobs), ""),
    (lambda net: net.layer[1].blobs[1].double_data.append(1), "64"),
    (lambda net: net.Clear(), ""),
]


def test_what_holds_other_weights_or_none_is_refused(squeezenet, tmp_path):
    """A pointer, a page that says there is none, and half a file, too."""
    whole, path = squeezenet.weights.read_bytes(), tmp_path / "changed.caffemodel"
    files = [(b"version https://git-lfs.github.com/spec/v1\n", ""), (b"<html>404</html>", ""), (whole[:9999], "")]
    for change, fact in CHANGES:
        change(net := caffe_pb2.NetParameter.FromString(whole))
        files.append((net.SerializeToString(), fact))
    for content, fact in files:
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=rf"{re.escape(str(path))}.*{fact}.*download_model\.sh"):
            Classifier(squeezenet.prototxt, path, squeezenet.logits)
