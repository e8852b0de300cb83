"""Trained weights: put into a network, if the file holds them."""

import math
from pathlib import Path
from typing import Any


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
    if net.layer and net.layers:
        raise WeightsError("it holds layers of two formats, of which Caffe reads only one")
    layers = [layer for layer in net.layer or net.layers if layer.blobs]  # `layers`: as Caffe wrote them until 2015
    if not layers:
        raise WeightsError("it is empty: it holds no layers with weights")
    if len({layer.name for layer in layers}) < len(layers):
        raise WeightsError("it holds a layer twice")
    if any(blob.double_data for layer in layers for blob in layer.blobs):
        raise WeightsError("its numbers have 64 bits, but the network's have 32")
    return {layer.name: [_shape(blob) for blob in layer.blobs] for layer in layers}


def _shape(blob: Any) -> tuple[int, ...]:
    """The shape of a BlobProto; flat if its shape does not fit its numbers."""
    old = (blob.num, blob.channels, blob.height, blob.width)  # until 2014 all blobs had four axes
    shape = tuple(blob.shape.dim) if blob.HasField("shape") else old
    return shape if len(blob.data) == math.prod(shape) else (len(blob.data),)


def _bare(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without leading ones, as Caffe compares: a bias used to be 1 x 1 x 1 x 64, not 64."""
    return _bare(shape[1:]) if shape[:1] == (1,) else shape
