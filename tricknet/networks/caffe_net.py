"""A Caffe network in two acts: forwards as far as a layer, and backwards from layers to the picture.

Caffe's own conventions (blue first, the mean subtracted, channels before rows) exist in this file only and, for
training, in training.py. Elsewhere a picture is RGB, height x width x 3, pixel values 0..255, and activations are
height x width x channels.
"""

import difflib
import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tricknet.arrays import Doubles, Floats, Numbers
from tricknet.networks.weights import fill


class LayerError(KeyError):
    """The network has no layer of that name; the message suggests similar names."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError's own would show the sentence in quotes


class CaffeNet:
    """A network in Caffe's format. "Layer" means a blob here, after the ReLU that Caffe applies to it in place.

    prototxt, weights: the two files of the network. mean: red, green and blue, subtracted from each pixel.

    Raises WeightsError if the weights are empty, cut short or another network's.
    """

    def __init__(self, prototxt: Path, weights: Path | None, mean: Floats):
        import caffe  # late, so that everything that needs no network loads at once

        self.prototxt, self.mean = prototxt, mean
        self.net: Any = caffe.Net(str(prototxt), caffe.TEST)
        if weights:
            fill(self.net, weights)
        # Caffe inserts split layers, so that each blob is read once; nobody outside needs to know of them.
        self.layers = [blob for blob in self.net.blobs if blob != "data" and "_split_" not in blob]
        # Layers in which one position is left, at the size that the prototxt gives: above the last grid.
        self.vectors = {blob for blob in self.layers if all(side == 1 for side in self.net.blobs[blob].shape[2:])}
        self.written_by: dict[str, int] = {}  # the last layer that writes a blob: the ReLU, not the convolution
        self.read_by: dict[str, int] = {}  # the last layer that reads it
        for index, name in enumerate(self.net._layer_names):
            for blob in self.net.top_names[name]:
                self.written_by[blob] = index
            for blob in self.net.bottom_names[name]:
                self.read_by[blob] = index
        # The shape of each blob for one picture of that size, as Caffe has it: (1, channels, height, width).
        self.shapes = {blob: (1, *self.net.blobs[blob].shape[1:]) for blob in ("data", *self.layers)}
        n, _, rows, columns = self.net.blobs["data"].shape
        # How many numbers all layers hold per pixel, at the size that the prototxt gives.
        self.per_pixel = sum(blob.count for blob in self.net.blobs.values()) / (n * rows * columns)

    def take(self, parameters: Mapping[str, Sequence[Floats]]) -> None:
        """Copy these weights, the arrays of each layer by its name, into the network."""
        for layer, arrays in parameters.items():
            for blob, array in zip(self.net.params[layer], arrays, strict=True):
                blob.data[...] = array

    def known(self, layer: str) -> str:
        """The layer's name as it is. Raises LayerError for an unknown one; it suggests similar names."""
        if layer in self.layers:
            return layer
        near = [name for name in self.layers if str(layer) in name]
        near = near or difflib.get_close_matches(str(layer), self.layers, n=8, cutoff=0.5)
        there_are = f"Similar names: {', '.join(near)}." if near else f"The layers are: {', '.join(self.layers)}."
        raise LayerError(f'No layer is called "{layer}". {there_are}')

    def forward(self, pictures: Numbers, last: str) -> None:
        """Compute everything from pictures (n x height x width x 3) up to the layer `last`."""
        n, height, width, channels = pictures.shape
        data = self.net.blobs["data"]
        if tuple(data.shape) != (n, channels, height, width):
            data.reshape(n, channels, height, width)
            self.net.reshape()
        np.subtract(pictures[..., ::-1].transpose(0, 3, 1, 2), self.mean[::-1, None, None], out=data.data)
        self.net._forward(0, self.written_by[last])

    def forward_from(self, layer: str, activations: Floats, last: str) -> None:
        """Compute everything from given activations of a layer (n x its own shape) up to the layer `last`.

        Raises ValueError if the activations do not fit, or if another layer's output bypasses this one.
        """
        start = self.written_by[layer]
        past = [name for name, written in self.written_by.items() if written <= start < self.read_by.get(name, -1)]
        if past != [layer]:
            raise ValueError(f"The layers above {layer} cannot be computed from it alone: they also read a lower one.")
        data, blob = self.net.blobs["data"], self.net.blobs[layer]
        _, channels, height, width = blob.shape
        if activations.shape[1:] != (height, width, channels):
            raise ValueError(f"{layer} holds {height} x {width} x {channels}; yours are {activations.shape[1:]}.")
        if data.shape[0] != len(activations):
            data.reshape(len(activations), *data.shape[1:])
            self.net.reshape()
        blob.data[...] = activations.transpose(0, 3, 1, 2)
        self.net._forward(start + 1, self.written_by[last])

    def activations(self, layer: str) -> Floats:
        """What the last forward pass left in a layer: float32, n x height x width x channels, or n x classes.

        A view: the next pass overwrites it.
        """
        data: Floats = self.net.blobs[layer].data
        return data.reshape(len(data), -1) if layer in self.vectors else data.transpose(0, 2, 3, 1)

    def backward(self, slopes: Mapping[str, Doubles]) -> Floats:
        """The gradient (float32, n x height x width x 3) of what has these slopes with respect to these layers.

        The pass starts at the highest of the layers. It adds the slopes of the lower ones as it comes to them.
        """
        blobs = self.net.blobs
        layers = sorted(slopes, key=self.written_by.__getitem__, reverse=True)
        start = self.written_by[layers[0]]
        for blob, written in self.written_by.items():
            # What is read only above the start, or nowhere, still holds the slopes of an earlier pass.
            if written <= start < self.read_by.get(blob, math.inf):
                blobs[blob].diff[...] = 0
        stops = [*(self.written_by[layer] for layer in layers[1:]), 0]
        for layer, stop in zip(layers, stops, strict=True):
            slope, diff = slopes[layer], blobs[layer].diff
            diff += slope.reshape(diff.shape) if layer in self.vectors else slope.transpose(0, 3, 1, 2)
            self.net._backward(self.written_by[layer], stop + 1)
        # A copy: of one channel, the reordered array would be the blob itself, which the next pass overwrites.
        return blobs["data"].diff.transpose(0, 2, 3, 1)[..., ::-1].copy()

    def trunk(self) -> "CaffeNet":
        """The layers that take pictures of any size, as a network of their own that shares this one's weights."""
        from caffe.proto import caffe_pb2
        from google.protobuf import text_format

        text = text_format.Parse(self.prototxt.read_text(), caffe_pb2.NetParameter())
        mean = caffe_pb2.PoolingParameter.AVE
        # A full connection, or a mean over a fixed window, takes one size only.
        one_size = [layer.type == "InnerProduct" or layer.pooling_param.pool == mean for layer in text.layer]
        del text.layer[one_size.index(True) :]
        text.layer[-1].loss_weight.append(1)  # Caffe goes backwards only through what leads to a loss
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trunk.prototxt"
            path.write_text(text_format.MessageToString(text))
            trunk = CaffeNet(path, None, self.mean)
        trunk.net.share_with(self.net)
        return trunk

    def bytes_for(self, height: int, width: int) -> int:
        """About how much memory all layers take for one picture of this size: 4 bytes a number, there and back."""
        return int(2 * 4 * self.per_pixel * height * width)
