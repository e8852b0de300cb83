"""Is this the real GoogLeNet, judged by the article? In any batch, and as a copy? test_objectives.py has gradients."""

import re
import runpy
import shutil

import numpy as np
import psutil
import pytest
from caffe.proto import caffe_pb2
from scipy.special import softmax

import tricknet
from tricknet import images
from tricknet.memory import available
from tricknet.networks import classifier
from tricknet.networks.caffe_net import CaffeNet, LayerError
from tricknet.networks.classifier import Classifier, MissingWeightsError, NoGradientError
from tricknet.networks.labels import LabelError
from tricknet.networks.objectives import Channel, Class, Objective, Strength
from tricknet.networks.weights import WeightsError
from tricknet.paths import ROOT

BLACK = np.zeros((224, 224, 3), np.uint8)
CAT = images.load("cat")
# Julia Evans's article, its first prediction: per cent for a black screen.
ARTICLE = {"velvet": 27.38, "shower curtain": 6.40, "wool": 6.19, "paper towel": 4.67, "window screen": 4.39}


def test_black_screen_as_in_the_article(article_net):
    top = article_net.predict(BLACK).top(5)
    assert [name for _, name, _ in top] == list(ARTICLE)
    assert [100 * p for _, _, p in top] == pytest.approx(list(ARTICLE.values()), abs=0.01)


def test_bvlc_s_own_list_of_layers_says_the_same(googlenet, tmp_path):
    """It comes with Caffe's source. Its pictures are blue first, and channels before rows."""
    if not [*(ROOT / "caffe-cpu" / "source").glob("*.tar.gz")]:
        pytest.skip("Caffe's source is not here: caffe-cpu/build.sh fetches it")
    weights = shutil.copy(googlenet.weights, tmp_path / "bvlc.caffemodel")
    net = runpy.run_path(str(ROOT / "scripts" / "download_model.py"))["deployed"](weights)
    net.blobs["data"].data[...] = (CAT - googlenet.mean)[..., ::-1].transpose(2, 0, 1)
    np.testing.assert_allclose(net.forward()["prob"][0], googlenet.predict(CAT).probabilities, atol=1e-6)


def test_from_what_a_layer_holds_the_network_says_what_it_says(googlenet):
    """From silence, that is what the biases say."""
    pictures = np.stack([CAT, CAT[:, ::-1]])
    expected = [answer.probabilities for answer in googlenet.predict(pictures)]
    for layer in ("pool1/3x3_s2", "inception_4d/output"):
        again = googlenet.predict_from(layer, googlenet.activations(pictures, layer))
        np.testing.assert_allclose([answer.probabilities for answer in again], expected, atol=1e-6)
    silent = googlenet.predict_from("inception_5b/output", np.zeros((7, 7, 1024), np.float32))
    np.testing.assert_allclose(silent.probabilities, softmax(googlenet.parameters[googlenet.logits][1]), atol=1e-6)


@pytest.fixture
def fashion():
    return tricknet.load("FashionNet plain")


@pytest.mark.parametrize("together", [np.stack, list])
def test_a_batch_in_parts_is_answered_as_one_by_one(fashion, monkeypatch, together):
    """Seven pictures, at most three at once, in parts of two or three: every answer is there, and in its place."""
    pictures = np.random.default_rng(0).integers(0, 256, (7, 28, 28, 1), np.uint8)
    objectives, sizes, forward = [*range(6), Strength("conv2")], [], CaffeNet.forward

    def answers(some, asked):
        both = fashion.predict_and_gradient(some, asked)
        inside = [fashion.activations(some, layer) for layer in ("conv2", "prob")]
        said = [one.probabilities for one in np.ravel([both[0], fashion.predict(some)])]
        return [said, both[1], fashion.gradient(some, asked), *inside]

    alone = [answers(*each) for each in zip(pictures, objectives, strict=True)]
    net = CaffeNet(fashion.prototxt, None, fashion.mean)
    monkeypatch.setattr(classifier, "AT_ONCE", 3 * net.bytes_for(*fashion.size))
    monkeypatch.setattr(CaffeNet, "forward", lambda net, x, last: sizes.append(len(x)) or forward(net, x, last))
    found = answers(together(pictures), objectives)
    found[0] = np.reshape(found[0], (2, 7, 10)).swapaxes(0, 1)
    for mine, theirs in zip(found, map(np.array, zip(*alone, strict=True)), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5 * np.abs(theirs).max())
    assert sizes == [3, 2, 2] * 5


def test_a_copy_gives_the_very_same_numbers_and_shares_nothing(fashion):
    """With all weights 0 and a bias of ln 9 for one class of ten, its probability is a half: 9 / (9 + 9)."""
    picture, wide = (np.full((side, side, 1), 50, np.uint8) for side in (28, 40))

    def answers(net):
        inside = [net.value(picture, Channel("conv2", 0)), net.activations(wide, "conv2").tolist()]
        return [net.predict(picture).probabilities.tolist(), net.gradient(picture, 3).tolist(), *inside]

    fashion.parameters["scores"][1][3] += 0.5  # the file has other weights
    before, twin = answers(fashion), fashion.copy("twin")
    assert twin.name == "twin" and answers(twin) == before
    for array in (array for arrays in twin.parameters.values() for array in arrays):
        array[...] = 0
    twin.parameters["scores"][1][7] = np.log(9)
    twin.mean += 1
    assert twin.predict(picture)[7] == pytest.approx(0.5, abs=1e-6)
    assert not twin.activations(wide, "conv2").any() and answers(fashion) == before


LOW = Strength("inception_3a/output")
WRONG = [  # what is asked of the network, the error, and a fact that helps
    (lambda net: net.predict(BLACK[..., 0]), ValueError, r"\(224, 224\)"),
    (lambda net: net.predict(BLACK.transpose(2, 0, 1)), ValueError, "224 x 224 x 3"),
    (lambda net: net.predict(BLACK + np.nan), ValueError, "NaN"),
    (lambda net: net.predict(BLACK > 0), ValueError, r"\b0\b.*\b255\b.*bool"),
    (lambda net: net.predict(np.zeros((480, 640, 3), np.uint8)), ValueError, "images.load"),
    (lambda net: net.predict([BLACK, BLACK[:28]]), ValueError, None),
    (lambda net: net.predict(BLACK[None][:0]), ValueError, None),
    (lambda net: net.predict_from("inception_4d/output", BLACK), ValueError, "14 x 14 x 528"),
    (lambda net: net.predict_from("inception_4d/1x1", BLACK), ValueError, "inception_4d/1x1"),
    (lambda net: net.predict_from("inception_4d", BLACK), LayerError, "inception_4d/output"),
    (lambda net: net.gradient(BLACK, "teapto"), LabelError, "teapot"),
    (lambda net: net.gradient(np.stack([CAT, CAT]), ["vulture"]), ValueError, r"\b2\b.*\b1\b"),
    (lambda net: net.gradient(BLACK, set()), ValueError, None),
    (lambda net: net.value(BLACK, Objective([])), ValueError, None),
    (lambda net: net.gradient(BLACK, Objective([])), ValueError, None),
    (lambda net: net.gradient(BLACK, Class(set(range(1000)))), ValueError, None),
    (lambda net: net.gradient(BLACK, Channel("qqq", 1)), LayerError, "conv1/7x7_s2"),
    (lambda net: net.gradient(BLACK, Channel("inception_4d/output", 528)), ValueError, r"\b0\b.*\b527\b"),
    (lambda net: net.gradient(BLACK[:64, :64], Class("vulture")), ValueError, "images.load"),
    (lambda net: net.gradient(BLACK[:31, :40], LOW), ValueError, r"\b32\b.*\b1024\b"),
    (lambda net: net.gradient(np.zeros((64, 64, 4), np.uint8), LOW), ValueError, "64 x 64 x 4"),
]


@pytest.mark.parametrize("asked, error, fact", WRONG)
def test_what_is_wrong_gets_a_sentence(googlenet, asked, error, fact):
    with pytest.raises(error, match=fact):
        asked(googlenet)


def test_too_little_memory_is_a_sentence(googlenet, monkeypatch):
    monkeypatch.setattr(classifier.memory, "available", lambda: 10**9)
    with pytest.raises(MemoryError, match="1024 x 1024"):
        googlenet.gradient(np.zeros((1024, 1024, 3), np.uint8), LOW)


def test_a_containers_limit_counts_where_there_is_one(tmp_path):
    """What files were read lately is among what is used too, but is given back."""
    for limit, low, high in [("max", 1, psutil.virtual_memory().total), ("3000000", 2_300_000, 2_300_000)]:
        assert 0 < available(tmp_path / "nowhere") <= psutil.virtual_memory().total
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        (tmp_path / "memory.current").write_text("1000000\n")
        (tmp_path / "memory.stat").write_text("anon 500000\ninactive_file 300000\nactive_file 200000\n")
        assert low <= available(tmp_path) <= high


def test_a_channel_that_nothing_excites_says_so(googlenet):
    dead = int(np.flatnonzero(~googlenet.activations(BLACK, "inception_4d/output").any(axis=(0, 1)))[0])
    with pytest.raises(NoGradientError):
        googlenet.gradient(BLACK, Channel("inception_4d/output", dead))


def test_missing_weights_and_a_prototxt_that_stops_the_gradient_are_told_so(squeezenet, tmp_path):
    with pytest.raises(MissingWeightsError, match=r"scripts/download_model\.sh"):
        Classifier(squeezenet.prototxt, tmp_path / "lost.caffemodel", squeezenet.logits)
    broken = tmp_path / "deploy.prototxt"
    broken.write_text(squeezenet.prototxt.read_text().replace("propagate_down: true", "propagate_down: false"))
    with pytest.raises(NoGradientError, match="propagate_down: true"):
        Classifier(broken, squeezenet.weights, squeezenet.logits).gradient(CAT, "vulture")


CHANGES = [  # of SqueezeNet's trained weights, and a fact about it
    (lambda net: net.layer[1].blobs[0].shape.dim.reverse(), "conv1"),
    (lambda net: net.layer[1].blobs[1].data.pop(), "conv1"),
    (lambda net: net.layer[1].ClearField("blobs"), "conv1"),
    (lambda net: net.layer.append(net.layer[1]), ""),
    (lambda net: net.layers.add(name="conv10", blobs=net.layer[1].blobs), ""),
    (lambda net: net.layer[1].blobs[1].double_data.append(1), "64"),
    (lambda net: net.Clear(), ""),
]


def test_what_holds_other_weights_or_none_is_refused(squeezenet, tmp_path):
    """A pointer, a page that says there is none, and half a file, too: at any, Caffe would end the whole process."""
    whole, path = squeezenet.weights.read_bytes(), tmp_path / "changed.caffemodel"
    files = [(b"version https://git-lfs.github.com/spec/v1\n", ""), (b"<html>404</html>", ""), (whole[:9999], "")]
    for change, fact in CHANGES:
        change(net := caffe_pb2.NetParameter.FromString(whole))
        files.append((net.SerializeToString(), fact))
    for content, fact in files:
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=rf"{re.escape(str(path))}.*{fact}.*download_model\.sh"):
            Classifier(squeezenet.prototxt, path, squeezenet.logits)
