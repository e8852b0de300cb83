"""Lesson 5: the lead of a class, steps and pushes away from it, and a network's switches, to count and to freeze."""

from collections.abc import Collection
from typing import Any

import numpy as np
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.arrays import Doubles, Numbers, Picture, rounded
from tricknet.networks.caffe_net import CaffeNet
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Logit, Objective, share


def lead(label: int, classes: int = 1000) -> Objective:
    """A class's score less those of all its rivals together, added up as softmax adds them: its log-odds."""
    rivals = set(range(classes)) - {label}
    return Logit(label) - Logit(rivals)


def push(model: Classifier, before: Numbers, after: Numbers, label: int) -> tuple[float, float]:
    """How far a change moves GoogLeNet's 1024 features, as a share of their length, and in which direction.

    The direction is a cosine: 1 along the slopes of the class's lead, -1 straight against them.
    """
    features = model.activations(np.stack([before, after]), "pool5/7x7_s1").reshape(2, -1).astype(float)
    scores = model.activations(before, model.logits).astype(float)
    weights = model.parameters["loss3/classifier"][0]  # of the last layer: a row for each class
    slopes = weights[label] - share(scores, np.arange(len(scores)) != label) @ weights  # its own less its rivals'
    change = features[1] - features[0]
    length = np.linalg.norm(change)
    return float(length / np.linalg.norm(features[0])), float(slopes @ change / np.linalg.norm(slopes) / length)


def ten_steps(model: Classifier, picture: Picture, label: int) -> Picture:
    """The picture after ten steps of 0.1 away from a class, each along the signs of its own gradient."""
    x = picture.astype(float)
    for _ in range(10):
        x = x - 0.1 * np.sign(model.gradient(x, lead(label)))
    return rounded(x)


class Switches:
    """The switches of a network as one picture (height x width x 3, pixel values 0..255) sets them.

    A ReLU layer's switches say which sums are above zero, a max-pooling layer's which number of each window is the
    largest. `relus` and `pools` are the names of these layers.
    """

    def __init__(self, model: Classifier, picture: Numbers):
        plan = text_format.Parse(model.prototxt.read_text(), caffe_pb2.NetParameter())
        self._windows = {layer.name: layer.pooling_param for layer in plan.layer if layer.type == "Pooling"}
        self._caffe = CaffeNet(model.prototxt, None, model.mean)
        self._caffe.take(model.parameters)
        self._net, self._logits = self._caffe.net, model.logits
        self.relus = [layer.name for layer in plan.layer if layer.type == "ReLU"]
        self.pools = [name for name, pool in self._windows.items() if pool.pool == pool.MAX]
        self._set = self._settings(picture)

    def scores(self, picture: Numbers, frozen: Collection[str] = ()) -> Doubles:
        """The scores of all classes for another picture, with the switches of some layers left as they were.

        frozen: names of `relus` and `pools`. If there are any, a unit that is off can't win a maximum as a zero where
        those that are frozen on have fallen below zero: that would do the work of a frozen ReLU.
        """
        self._caffe.forward(picture[None], "data")
        for i, name in enumerate(self._net._layer_names):
            if name in self.relus and name in frozen:
                self._out(name)[...] *= self._set[name]  # Caffe's ReLU works in place: what came in is still there
            elif name in self.pools and name in frozen:
                seen, largest = self._seen(name), self._set[name][..., None]
                self._out(name)[...] = np.take_along_axis(seen, largest, axis=-1)[..., 0]
            elif name in self.pools and frozen:
                seen = self._seen(name)
                largest = np.where(seen == 0, -np.inf, seen).max(axis=-1)
                self._out(name)[...] = np.where(np.isfinite(largest), largest, 0)
            else:
                self._net._forward(i, i)
        scores: Doubles = self._net.blobs[self._logits].data.flatten().astype(float)
        return scores

    def flipped(self, picture: Numbers) -> dict[str, Any]:
        """Which switches another picture sets differently: for each layer, Booleans (channels x rows x columns)."""
        return {name: now != self._set[name] for name, now in self._settings(picture).items()}

    def _settings(self, picture: Numbers) -> dict[str, Any]:
        """For each ReLU layer, which sums are above zero; for each pooling layer, which number of a window it picks."""
        settings: dict[str, Any] = {}
        self._caffe.forward(picture[None], "data")
        for i, name in enumerate(self._net._layer_names):
            if name in self.pools:
                settings[name] = self._seen(name).argmax(axis=-1)
            self._net._forward(i, i)
            if name in self.relus:
                settings[name] = self._out(name) > 0
        return settings

    def _out(self, name: str) -> Any:
        """What a layer computes: channels x rows x columns."""
        return self._net.blobs[self._net.top_names[name][0]].data[0]

    def _seen(self, name: str) -> Numbers:
        """The numbers in each window of a max-pooling layer: channels x rows x columns x numbers."""
        pool = self._windows[name]
        bottom = self._net.blobs[self._net.bottom_names[name][0]].data[0]
        rows, columns = self._out(name).shape[1:]
        margin = (pool.pad, pool.pad + pool.stride)  # the last window may hang over the edge
        bottom = np.pad(bottom, ((0, 0), margin, margin), constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(bottom, (pool.kernel_size,) * 2, axis=(1, 2))
        windows = windows[:, :: pool.stride, :: pool.stride][:, :rows, :columns]
        return windows.reshape(*windows.shape[:3], -1)
