"""Lesson 5: the lead of a class, ten small steps away from it, and a network whose switches can be frozen."""

from collections.abc import Collection
from typing import Any

import numpy as np
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.arrays import Doubles, Floats, Numbers, Picture, rounded
from tricknet.attacks.steps import climb
from tricknet.counting import Row
from tricknet.networks.caffe_net import CaffeNet
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Logit, Objective, log_sum_exp

NUDGE = 0.01  # of the way to another picture: with the switches frozen, scores go straight at first


def lead(label: int, classes: int = 1000) -> Objective:
    """A class's score less those of all others together, added up as softmax adds them: its log-odds."""
    return Logit(label) - Logit(set(range(classes)) - {label})


def lead_of(scores: Doubles, label: int) -> float:
    """The lead of a class among these scores."""
    return float(scores[label] - log_sum_exp(np.delete(scores, label)))


def walked(model: Classifier, picture: Picture, label: int) -> Picture:
    """The picture after ten steps of 0.1 away from a class, each along the signs of its own gradient."""

    def look(x: Numbers) -> tuple[None, Floats]:
        return None, model.gradient(x, lead(label))

    path = climb(picture.astype(np.float32), look, lambda x, slope, taken: x - 0.1 * np.sign(slope), steps=10)
    *_, (x, _) = path
    return rounded(x)


class Switches:
    """The switches of a network as one picture (height x width x 3, pixel values 0..255) sets them.

    A ReLU layer's switches say which sums are above zero, a max-pooling layer's which number of each window is the
    largest. `relus` and `pools` are the names of these layers.
    """

    def __init__(self, model: Classifier, picture: Numbers):
        plan = text_format.Parse(model.prototxt.read_text(), caffe_pb2.NetParameter())
        self._windows = {layer.name: layer.pooling_param for layer in plan.layer if layer.type == "Pooling"}
        self._picture = picture.astype(np.float32)
        self._caffe = CaffeNet(model.prototxt, None, model.mean)
        self._caffe.take(model.parameters)
        self._net, self._logits = self._caffe.net, model.logits
        self.relus = [layer.name for layer in plan.layer if layer.type == "ReLU"]
        self.pools = [name for name, pool in self._windows.items() if pool.pool == pool.MAX]
        self._on: dict[str, Any] = {}  # of each ReLU layer: where its sum is above zero
        self._largest: dict[str, Any] = {}  # of each max-pooling layer: which of its window's numbers it picks
        self._run(self._picture, (), note=True)

    def scores(self, picture: Numbers, frozen: Collection[str] = ()) -> Doubles:
        """The scores of all classes for another picture, with the switches of some layers left as they were.

        frozen: names of `relus` and `pools`. A KeyError names any other.
        """
        self._run(picture, frozen)
        return self._net.blobs[self._logits].data.flatten().astype(float)

    def straight(self, picture: Numbers) -> Doubles:
        """The scores of all classes for another picture if each went straight on as it begins: what slopes promise."""
        frozen, nudged = {*self.relus, *self.pools}, self._picture + NUDGE * (picture - self._picture)
        scores = self.scores(self._picture)
        return scores + (self.scores(nudged, frozen) - scores) / NUDGE

    def _run(self, picture: Numbers, frozen: Collection[str], *, note: bool = False) -> None:
        self._caffe.forward(picture[None], "data")
        for i, name in enumerate(self._net._layer_names):
            out = self._net.blobs[self._net.top_names[name][0]].data
            if note and name in self.pools:
                self._largest[name] = self._seen(name).argmax(axis=-1)[..., None]
            if name not in frozen:
                self._net._forward(i, i)
            elif name in self._on:
                out[...] *= self._on[name]  # Caffe's ReLU works in place: what came in is still there
            else:
                out[0] = np.take_along_axis(self._seen(name), self._largest[name], axis=-1)[..., 0]
            if note and name in self.relus:
                self._on[name] = out > 0

    def _seen(self, name: str) -> Numbers:
        """The numbers in each window of a max-pooling layer: channels x rows x columns x numbers."""
        pool, blobs = self._windows[name], self._net.blobs
        bottom = blobs[self._net.bottom_names[name][0]].data[0]
        rows, columns = blobs[self._net.top_names[name][0]].shape[2:]
        margin = (pool.pad, pool.pad + pool.stride)  # the last window may hang over the edge
        bottom = np.pad(bottom, ((0, 0), margin, margin), constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(bottom, (pool.kernel_size,) * 2, axis=(1, 2))
        windows = windows[:, :: pool.stride, :: pool.stride][:, :rows, :columns]
        return windows.reshape(*windows.shape[:3], -1)


def shares(row: Row) -> Row:
    """What is left of a row's bend: 1 if the lead ends as measured, 0 if it ends as if every score went straight."""
    straight = row["scores_straight"]
    names = ("relus_frozen", "pools_frozen", "both_frozen")
    return {name: (row[name] - straight) / (row["measured"] - straight) for name in names}
