"""Is a network one file and one folder? A toy network joins the others, and nothing else is touched.

It has 8 x 8 pixels, one layer and three classes. Its weights are random; NumPy says what it should answer.
"""

import json
import runpy
import sys

import caffe
import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import softmax

from tricknet import networks, paths
from web.build import row
from web.plan import plan_of

FILE = '''
"""Toy: a network of one layer."""

from tricknet.networks.classifier import Trained
from tricknet.networks.layers import Prototxt

TRAINED = {"Toy": Trained("toy.caffemodel", "scores", (10, 20, 30))}


def prototxt():
    net = Prototxt("Toy", "A toy.", 8)
    net.softmax(net.conv("scores", "data", 3, 8, then=""))
    return net.text
'''
RANDOM = np.random.default_rng(1)
WEIGHTS, BIAS = (RANDOM.normal(0, 0.001, shape).astype(np.float32) for shape in ((3, 3, 8, 8), (3,)))
PICTURE = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)


def about(picture):
    """The three probabilities, in float64."""
    blob = (picture - np.array([10.0, 20, 30]))[..., ::-1].transpose(2, 0, 1)  # as Caffe has it, blue first
    return softmax(np.tensordot(WEIGHTS.astype(float), blob, 3) + BIAS)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The folder of the networks' folders, with the toy's file and folder beside the others, and its weights in it."""
    (tmp_path / "toy.py").write_text(FILE)
    for network in (*networks.modules(), "toy"):
        (tmp_path / network).mkdir()
    (tmp_path / "toy" / "labels.txt").write_text("n1 circle\nn2 square\nn3 star, asterisk\n")
    for module in (paths, networks):
        monkeypatch.setattr(module, "MODELS", tmp_path)
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    runpy.run_module("tricknet.networks", run_name="__main__")
    net = caffe.Net(str(tmp_path / "toy" / "deploy.prototxt"), caffe.TEST)
    net.params["scores"][0].data[...], net.params["scores"][1].data[...] = WEIGHTS, BIAS
    net.save(str(tmp_path / "toy" / "toy.caffemodel"))
    yield tmp_path
    sys.modules.pop("tricknet.networks.toy", None)


def test_it_is_listed_and_its_prototxt_written(project):
    """And the others' are those that are committed."""
    assert {*networks.trained()} >= {"Toy", "GoogLeNet"}
    files = {name: (project / name / "deploy.prototxt").read_text() for name in networks.modules()}
    assert 'name: "Toy"' in files.pop("toy")
    assert files == {name: (paths.ROOT / "models" / name / "deploy.prototxt").read_text() for name in files}


def test_the_lab_has_its_labels_and_a_layer_that_it_lacks_is_named(project):
    toy = networks.load("Toy")
    about = row(toy, project / "models", half=False)
    labels = json.loads((project / about["labels"]).read_text())
    assert [label["listed"] for label in labels] == [*toy.labels] and about["classes"] == 3
    toy.prototxt.write_text(toy.prototxt.read_text().replace('type: "Softmax"', 'type: "Sigmoid"'))
    with pytest.raises(ValueError, match=r"Sigmoid .*site=False"):
        plan_of(toy)


@pytest.mark.parametrize("text, why", [(None, "3 classes, but 1000 names"), ("1 a\n2 b\nc\n", "Line 3 of .*labels")])
def test_labels_that_do_not_fit_are_refused(project, text, why):
    file = project / "toy" / "labels.txt"
    file.write_text(text) if text else file.unlink()
    with pytest.raises(ValueError, match=why):
        networks.load("Toy")


def test_it_predicts_and_its_gradient_is_the_slope(project):
    toy = networks.load("Toy")
    prediction = toy.predict(PICTURE)
    np.testing.assert_allclose(prediction.probabilities, about(PICTURE), atol=1e-5)
    assert 0.01 < prediction["asterisk"] < 0.99 and toy.size == (8, 8) and toy.name == "Toy"
    measured = approx_fprime(PICTURE.ravel(), lambda x: np.log(about(x.reshape(PICTURE.shape))[2]), 1e-4)
    np.testing.assert_allclose(toy.gradient(PICTURE, "star").ravel(), measured, atol=1e-4 * np.abs(measured).max())
