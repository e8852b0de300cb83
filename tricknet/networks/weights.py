"""Trained weights: made from a Python package, proved to be the right ones, and put into a network.

The image does the first two where it has nothing of this project but this folder and models/.
"""

import hashlib
import importlib
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

TOLERANCE = 0.01  # of a known answer, in per cent: builds of Caffe differ by far less

# The test pictures, as they are in the data blob: no mean is subtracted.
# Black alone would prove nothing about the first layer's weights, since each is multiplied by 0.
PICTURES: dict[str, Callable[[int], npt.NDArray[np.float32]]] = {
    "black": lambda side: np.zeros((3, side, side), np.float32),
    "ramps": lambda side: _ramps(np.linspace(-120, 120, side, dtype=np.float32)),
}


class WeightsError(ValueError):
    """A file does not hold the trained weights that it should."""


def fill(net: Any, path: str | Path) -> None:
    """Give a Caffe network the weights that `path` holds, or raise WeightsError.

    Caffe alone would not say that a layer is missing, but leave its filler in it; and it would abort the whole process
    over a wrong shape, or a file that is not a .caffemodel.
    """
    stored = shapes(path)
    for name, blobs in net.params.items():
        if name not in stored:
            raise WeightsError(f"layer {name} is missing: does the file belong to a different network?")
        needed = [tuple(blob.data.shape) for blob in blobs]
        if list(map(_bare, stored[name])) != list(map(_bare, needed)):
            raise WeightsError(f"layer {name} has shapes {stored[name]} instead of {needed}")
    net.copy_from(str(path))


@contextmanager
def weights_file(net: Any) -> Iterator[Path]:
    """A .caffemodel of the weights that a Caffe network has now, while this lasts.

    It is kept in memory, since Caffe ends the whole process if it cannot write to a disk.
    """
    memory = os.memfd_create("weights")
    try:
        path = Path(f"/proc/self/fd/{memory}")
        net.save(str(path))
        yield path
    finally:
        os.close(memory)


def shapes(path: str | Path) -> dict[str, list[tuple[int, ...]]]:
    """The shapes of the arrays of each layer that has any, from a .caffemodel of whatever age.

    Raises WeightsError if it is not one.
    """
    from caffe.proto import caffe_pb2  # here, so that `import tricknet` does not wait for it
    from google.protobuf.message import DecodeError

    net = caffe_pb2.NetParameter()
    try:
        net.ParseFromString(Path(path).read_bytes())
    except DecodeError:
        raise WeightsError("it is not a .caffemodel, or only part of one") from None
    layers = [*net.layer, *net.layers]  # `layers`: as Caffe wrote them until 2015
    if not layers:
        raise WeightsError("it is empty: it holds no layers")
    return {layer.name: [_shape(blob) for blob in layer.blobs] for layer in layers if layer.blobs}


def _shape(blob: Any) -> tuple[int, ...]:
    """The shape of a BlobProto; flat if its shape does not fit its numbers."""
    old = (blob.num, blob.channels, blob.height, blob.width)  # until 2014 all blobs had four axes
    shape = tuple(blob.shape.dim) if blob.HasField("shape") else old
    return shape if len(blob.data) == math.prod(shape) else (len(blob.data),)


def _bare(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without leading ones, as Caffe compares: a bias used to be 1 x 1 x 1 x 64, not 64."""
    return _bare(shape[1:]) if shape[:1] == (1,) else shape


def verify(folder: Path, path: str | Path) -> str:
    """Prove that `path` holds the trained weights of the network whose folder this is, or raise WeightsError.

    First the structure, as in `fill`; then, whether all numbers are finite; then the known answers. Returns a sentence
    that says what was found.
    """
    import caffe

    if not (folder / "deploy.prototxt").exists():
        raise WeightsError(f"{folder / 'deploy.prototxt'} is missing")
    net = caffe.Net(str(folder / "deploy.prototxt"), caffe.TEST)
    fill(net, path)
    for name, blobs in net.params.items():
        if not all(np.isfinite(blob.data).all() for blob in blobs):
            raise WeightsError(f"layer {name} holds numbers that are not finite (NaN or infinity)")
    lines = [line.split() for line in (folder / "weights.txt").read_text(encoding="utf-8").splitlines()]
    answers = [(line[0], int(line[1]), float(line[2])) for line in lines if line and line[0] in PICTURES]
    percentages = {picture: _percentages(net, picture) for picture in PICTURES}
    for picture, index, percent in answers:
        if not abs(percentages[picture][index] - percent) <= TOLERANCE:  # so that NaN fails too
            raise WeightsError(
                f"its numbers are not the trained ones: the {picture} picture gives label {index} "
                f"{percentages[picture][index]:.2f}% instead of {percent:.2f}%"
            )
    numbers = sum(blob.count for blobs in net.params.values() for blob in blobs)
    return f"{len(net.params)} layers, {numbers:,} numbers, {len(answers)} known answers: all correct"


def facts(folder: Path) -> Iterator[str]:
    """The lines of a weights.txt for the one .caffemodel in a network's folder, but for where it can be had.

    The known answers are the five most probable ones to each test picture. Raises WeightsError unless there is one.
    """
    import caffe

    paths = [*folder.glob("*.caffemodel")]
    if len(paths) != 1:
        raise WeightsError(f"{folder} holds {len(paths)} *.caffemodel files. It should hold exactly one.")
    path = paths[0]
    content = path.read_bytes()
    yield from (f"file   {path.name}", f"size   {len(content)}", f"sha256 {hashlib.sha256(content).hexdigest()}")
    net = caffe.Net(str(folder / "deploy.prototxt"), caffe.TEST)
    fill(net, path)
    for picture in PICTURES:
        percentages = _percentages(net, picture)
        for index in np.argsort(-percentages, kind="stable")[:5]:
            yield f"{picture} {index} {percentages[index]:.2f}"


def _percentages(net: Any, picture: str) -> npt.NDArray[np.float32]:
    """The network's answer to a test picture: 1000 numbers, in per cent."""
    data = net.blobs["data"].data
    data[...] = PICTURES[picture](data.shape[-1])
    return 100 * net.forward()["prob"].flatten()


def _ramps(line: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A ramp to the right in the first channel, downwards in the second, to both in the third."""
    across, down = np.broadcast_arrays(line[None, :], line[:, None])
    return np.stack([across, down, -(across + down) / 2])


def convert(network: str, package: Path, path: Path) -> None:
    """Write a network's trained weights to `path`, from a Python package that the `read` of its module can read."""
    from caffe.proto import caffe_pb2

    net = caffe_pb2.NetParameter(name=network)
    with package.open("rb") as file:
        layers = importlib.import_module(f"tricknet.networks.{network.replace('-', '_')}").read(file)
    for name, arrays in layers.items():
        kind = "InnerProduct" if arrays[0].ndim == 2 else "Convolution"
        layer = net.layer.add(name=name, type=kind)
        for array in arrays:
            layer.blobs.add(shape={"dim": array.shape}, data=array.ravel())
    path.write_bytes(net.SerializeToString(deterministic=True))
