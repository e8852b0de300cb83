"""Are the prototxt files what the tables say, and what the trained weights were trained for?"""

import math
import tarfile

import numpy as np
import pytest

from tricknet.networks import googlenet, modules, weights
from tricknet.networks.download import Wanted
from tricknet.paths import ROOT, models_folder

NETWORKS = modules()
FETCHED = [folder for folder in NETWORKS if (models_folder() / folder / "weights.txt").exists()]


@pytest.fixture(params=FETCHED)
def network(request):
    return request.param


@pytest.fixture
def trained(network):
    """The path of the network's trained weights."""
    path = Wanted(network).path
    if not path.exists():
        pytest.skip(f"{path} is not here: run scripts/download_model.sh {network}")
    return path


def parsed(text):
    """The text as Caffe's own message, which refuses unknown fields."""
    from caffe.proto import caffe_pb2
    from google.protobuf import text_format

    return text_format.Parse(text, caffe_pb2.NetParameter())


@pytest.mark.parametrize("folder", NETWORKS)
def test_the_committed_file_is_the_generated_one(folder):
    path = models_folder() / folder / "deploy.prototxt"
    assert path.read_text() == NETWORKS[folder].plan(), "run python -m tricknet.networks"


def essence(net):
    """The layers as {name: text}, without what only matters in training or is Caffe's default."""
    layers = {}
    for layer in net.layer:
        for field in ("param", "propagate_down", "loss_weight"):
            layer.ClearField(field)
        for parameters in (layer.convolution_param, layer.inner_product_param):
            parameters.ClearField("weight_filler")
            parameters.ClearField("bias_filler")
        if layer.pooling_param.stride == 1:
            layer.pooling_param.ClearField("stride")
        for field, value in layer.ListFields():
            if field.name.endswith("_param") and not value.ListFields():
                layer.ClearField(field.name)
        layers[layer.name] = str(layer)
    return layers


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
    assert essence(parsed(googlenet.plan())) == expected


def test_layers_and_shapes_are_those_of_the_weights(network, trained):
    import caffe

    net = caffe.Net(str(models_folder() / network / "deploy.prototxt"), caffe.TEST)
    shapes = {name: [blob.data.size for blob in blobs] for name, blobs in net.params.items()}
    stored = {name: [math.prod(shape) for shape in shapes] for name, shapes in weights.shapes(trained).items()}
    # The training heads, in BVLC's complete file, are the only layers that deploying leaves out.
    heads = {name for name in stored if name.startswith(("loss1/", "loss2/"))}
    assert shapes == {name: sizes for name, sizes in stored.items() if name not in heads}


def test_the_paper_s_sizes():
    import caffe

    net = caffe.Net(str(models_folder() / "googlenet" / "deploy.prototxt"), caffe.TEST)
    sizes = {  # "output size" in Table 1
        "data": (1, 3, 224, 224),
        "conv1/7x7_s2": (1, 64, 112, 112),
        "pool1/3x3_s2": (1, 64, 56, 56),
        "conv2/3x3": (1, 192, 56, 56),
        "inception_3a/output": (1, 256, 28, 28),
        "inception_3b/output": (1, 480, 28, 28),
        "inception_4a/output": (1, 512, 14, 14),
        "inception_4d/output": (1, 528, 14, 14),
        "inception_4e/output": (1, 832, 14, 14),
        "inception_5b/output": (1, 1024, 7, 7),
        "pool5/7x7_s1": (1, 1024, 1, 1),
        "loss3/classifier": (1, 1000),
        "prob": (1, 1000),
    }
    assert {name: net.blobs[name].data.shape for name in sizes} == sizes


def force_backward(text):
    """The network in Caffe's usual way: every gradient, also the weights'."""
    net = parsed(text)
    net.force_backward = True
    for layer in net.layer:
        for field in ("param", "propagate_down", "loss_weight"):
            layer.ClearField(field)
    return str(net)


def gradient(prototxt_file, trained, picture, logits):
    import caffe

    net = caffe.Net(str(prototxt_file), str(trained), caffe.TEST)
    net.blobs["data"].data[...] = picture
    p = net.forward()["prob"]
    diff = -p.reshape(net.blobs[logits].data.shape)
    diff.reshape(-1)[23] += 1
    net.blobs[logits].diff[...] = diff
    net.backward(start=logits)
    written = [name for name, blobs in net.params.items() if any(blob.diff.any() for blob in blobs)]
    return net.blobs["data"].diff.copy(), written


def test_same_gradient_as_force_backward_without_the_weights_gradients(network, trained, tmp_path, monkeypatch):
    """Bit for bit, on Caffe's own layers: the fast ones are only taken where no weights' gradients are wanted."""
    monkeypatch.setenv("CAFFE_FAST", "0")
    usual = tmp_path / "force_backward.prototxt"
    usual.write_text(force_backward(NETWORKS[network].plan()))
    ours = models_folder() / network / "deploy.prototxt"
    logits = parsed(ours.read_text()).layer[-1].bottom[0]  # what the softmax reads
    picture = np.random.default_rng(0).uniform(-120, 130, (1, 3, 224, 224))

    expected, all_layers = gradient(usual, trained, picture, logits)
    found, written = gradient(ours, trained, picture, logits)

    assert found.any()
    np.testing.assert_array_equal(found, expected)
    first = next(iter(all_layers))
    assert written == [first] and len(all_layers) == len(weights.shapes(trained).keys() & all_layers)
