"""Do weights get into a network only from a file that holds them? For whatever else, Caffe ends the whole process."""

import re

import pytest
from caffe.proto import caffe_pb2

from tricknet.networks.classifier import Classifier
from tricknet.networks.weights import WeightsError


@pytest.fixture
def stored(squeezenet):
    """SqueezeNet's trained weights, to be changed and written elsewhere."""
    return caffe_pb2.NetParameter.FromString(squeezenet.weights.read_bytes())


def transposed(net):
    net.layer[1].blobs[0].shape.dim[:2] = net.layer[1].blobs[0].shape.dim[1::-1]


def of_doubles(net):
    net.layer[1].blobs[1].double_data[:] = [1.0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (transposed, "has shapes"),
        (lambda net: net.layer[1].blobs[1].data.pop(), "has shapes"),
        (lambda net: net.layer[1].ClearField("blobs"), "is missing"),
        (lambda net: net.layer.append(net.layer[1]), "twice"),
        (lambda net: net.layers.add(name="conv10", blobs=net.layer[1].blobs), "two formats"),
        (of_doubles, "64 bits"),
        (lambda net: net.Clear(), "empty"),
    ],
)
def test_changed_weights_are_refused(squeezenet, stored, tmp_path, change, complaint):
    change(stored)
    path = tmp_path / "changed.caffemodel"
    path.write_bytes(stored.SerializeToString())
    with pytest.raises(WeightsError, match=rf"{re.escape(str(path))}.*{complaint}.*download_model\.sh"):
        Classifier(squeezenet.prototxt, path, squeezenet.logits)


@pytest.mark.parametrize("content", [b"version https://git-lfs.github.com/spec/v1\n", b"<html>404</html>"])
def test_what_is_no_caffemodel_is_refused(squeezenet, tmp_path, content):
    (tmp_path / "pointer.caffemodel").write_bytes(content)
    with pytest.raises(WeightsError, match=r"download_model\.sh"):
        Classifier(squeezenet.prototxt, tmp_path / "pointer.caffemodel", squeezenet.logits)


def test_half_a_file_is_refused(squeezenet, tmp_path):
    whole = squeezenet.weights.read_bytes()
    (tmp_path / "half.caffemodel").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError):
        Classifier(squeezenet.prototxt, tmp_path / "half.caffemodel", squeezenet.logits)
