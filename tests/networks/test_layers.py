"""Is GoogLeNet's prototxt what its weights were trained for?"""

import tarfile

import pytest
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.networks import modules
from tricknet.paths import ROOT


def essence(text):
    """The layers as {name: text}, without what only matters in training or is Caffe's default."""
    layers = text_format.Parse(text, caffe_pb2.NetParameter()).layer  # which refuses unknown fields
    for layer in layers:
        for field in ("param", "propagate_down", "loss_weight"):
            layer.ClearField(field)
        for parameters in (layer.convolution_param, layer.inner_product_param):
            parameters.ClearField("weight_filler")
            parameters.ClearField("bias_filler")
        if layer.pooling_param.stride == 1:
            layer.pooling_param.ClearField("stride")
    return {layer.name: str(layer) for layer in layers}


def test_googlenet_is_bvlc_s_own_without_dropout():
    """BVLC's deploy.prototxt comes with Caffe's source, which building Caffe has fetched."""
    archives = list((ROOT / "caffe-cpu" / "source").glob("*.tar.gz"))
    if not archives:
        pytest.skip("Caffe's source is not here: caffe-cpu/build.sh fetches it")
    with tarfile.open(archives[0]) as archive:
        name = f"{archives[0].name.removesuffix('.tar.gz')}/models/bvlc_googlenet/deploy.prototxt"
        bvlc = archive.extractfile(name).read().decode().replace("dim: 10", "dim: 1")  # they start with ten pictures
    expected = essence(bvlc)
    del expected["pool5/drop_7x7_s1"]
    assert essence(modules()["googlenet"].prototxt()) == expected
