"""A network that classifies pictures, and the gradient of any objective with respect to the picture.

Pictures here are RGB, height x width x 3, pixel values 0..255 (FashionNet's are grey: x 1). How Caffe wants them is in
caffe_net.py.
"""

import html
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tricknet import memory
from tricknet.arrays import Doubles, Floats, Numbers
from tricknet.networks import MEAN
from tricknet.networks.caffe_net import CaffeNet
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Objective, Target, Term, as_objective
from tricknet.networks.weights import WeightsError

SIDES = (32, 1024)  # pixels: what the layers below the classifier take; 1024 x 1024 takes 1.8 GB in GoogLeNet
AT_ONCE = 100_000_000  # bytes: a batch whose layers take more goes through in parts, which is about as fast

type Wanted = Objective | Target | list[Objective | Target]  # one for all pictures, or one per picture


class MissingWeightsError(FileNotFoundError):
    """The network's trained weights are not on this machine yet; the message says how to get them."""


class NoGradientError(ArithmeticError):
    """The gradient is zero or not a number, so a step along it would go nowhere."""


class Prediction:
    """What a network says about one picture: a probability for each class."""

    def __init__(self, probabilities: Floats, labels: Labels):
        self.probabilities = probabilities  # float32, one per class, summing to 1
        self.labels = labels

    def top(self, k: int = 5) -> list[tuple[int, str, float]]:
        """The k most probable classes, best first: (index, name, probability)."""
        best = np.argsort(-self.probabilities, kind="stable")[:k]
        return [(int(i), self.labels[i], float(self.probabilities[i])) for i in best]

    def __getitem__(self, label: int | str) -> float:
        """The probability of one class, by index or name: prediction["panda"]."""
        return float(self.probabilities[self.labels.find(label)])

    def __repr__(self) -> str:
        rows = self.top(5)
        wide = max(len(name) for _, name, _ in rows)
        return "\n".join(f"{name:{wide}}  {p:7.2%}  {'█' * round(30 * p)}" for _, name, p in rows)

    def _repr_html_(self) -> str:
        row = (
            "<tr><td style='text-align:right'>{}</td><td style='text-align:right'>{:.2%}</td>"
            "<td style='text-align:left;width:20em'><div style='background:#0072b2;height:1em;width:{:.1f}%'>"
            "</div></td></tr>"
        )
        rows = (row.format(html.escape(name), p, 100 * p) for _, name, p in self.top(5))
        return f"<table aria-label='Most probable classes'>{''.join(rows)}</table>"


class Classifier:
    """A network in Caffe's format, ready to be asked and ready to be differentiated.

    prototxt, weights: the two files of the network.
    logits: name of the last layer before the softmax.
    mean: the red, green and blue (pixel values) subtracted from each pixel before the network sees it; one number for
    a network that takes grey pictures (x 1 where x 3 is said here).
    labels: the names of its classes (default: ImageNet's 1000).

    Raises MissingWeightsError if the weights are not there yet, and WeightsError if the file is empty, cut short
    or another network's. What asks it raises ValueError for an array that is no picture of a size that the network
    takes.
    """

    def __init__(
        self,
        prototxt: str | Path,
        weights: str | Path,
        logits: str,
        mean: Sequence[float] | Floats = MEAN,
        name: str = "the network",
        labels: Labels | None = None,
    ):
        self.prototxt, self.weights = Path(prototxt), Path(weights)
        self.name, self.logits = name, logits
        if not self.weights.exists():
            raise MissingWeightsError(
                f"The weights of {name} are not here yet ({self.weights}). Run scripts/download_model.sh "
                "in the project's folder, then try again."
            )
        self.labels = labels or Labels()
        self.mean = np.array(mean, dtype=np.float32)
        try:
            self._whole = CaffeNet(self.prototxt, self.weights, self.mean)
        except WeightsError as error:
            raise WeightsError(
                f"{self.weights} is not what {name} needs: {error}. Run scripts/download_model.sh in the project's "
                "folder, then try again."
            ) from None
        self.net = self._whole.net
        _, self.channels, height, width = self.net.blobs["data"].shape
        self.size: tuple[int, int] = (height, width)

    @property
    def layers(self) -> list[str]:
        """The names of the layers, from the picture to the probabilities."""
        return list(self._whole.layers)

    @property
    def trunk(self) -> list[str]:
        """The names of the layers below the classifier, which take pictures of 32 to 1024 pixels per side."""
        return list(self._trunk.layers)

    @cached_property
    def _trunk(self) -> CaffeNet:
        return self._whole.trunk()

    def predict(self, picture: Numbers) -> Any:
        """What the network says about a picture (224 x 224 x 3), or about each of a batch (n x 224 x 224 x 3).

        Returns a Prediction, or a list of them for a batch.
        """
        pictures, predictions = self._checked(picture), []
        for part in _parts(self._whole, pictures):  # all of a large batch at once would take too much memory
            self._whole.forward(pictures[part], "prob")
            predictions += self._predictions()
        return predictions if np.ndim(picture) == 4 else predictions[0]

    def activations(self, picture: Numbers, layer: str) -> Floats:
        """What a layer computes from a picture: float32, height x width x channels, or (classes,) at the end.

        A batch (n x height x width x 3) gives n of those. Every layer below the classifier takes pictures of
        32 to 1024 pixels per side. Raises LayerError for an unknown layer, with near names.
        """
        return self.all_activations(picture, [layer])[layer]

    def all_activations(self, picture: Numbers, layers: Iterable[str] | None = None) -> dict[str, Floats]:
        """`activations` of several layers (default: of all), by name, for one forward pass."""
        wanted = [self._whole.found(layer) for layer in (self.layers if layers is None else layers)]
        net, pictures = self._prepared(picture, wanted)
        last, parts = max(wanted, key=net.made_by.__getitem__), []
        for part in _parts(net, pictures):
            net.forward(pictures[part], last)
            parts.append({layer: net.activations(layer).copy() for layer in wanted})
        found = {layer: np.concatenate([part[layer] for part in parts]) for layer in wanted}
        found = {layer: a.reshape(len(a), -1) if self._is_vector(layer) else a for layer, a in found.items()}
        return found if np.ndim(picture) == 4 else {layer: a[0] for layer, a in found.items()}

    def value(self, picture: Numbers, objective: Objective | Target) -> float:
        """The objective's value for one picture: a class (by index or name, or a set) means its log-probability."""
        (chosen,) = objectives = [as_objective(objective)]
        layers = self._layers_of(objectives)
        net, pictures = self._prepared(picture, layers)
        net.forward(pictures, layers[-1])
        return sum(weight * self._measured(net, term, 0)[0] for weight, term in chosen.terms)

    def gradient(self, picture: Numbers, objective: Wanted) -> Floats:
        """How the objective changes as each value of the picture grows: float32, the picture's shape.

        objective: an Objective, or a class by index or name, or a set of classes that count as one, which mean the
        class's log-probability. A batch takes one objective for all, or a list with one per picture.

        Objectives below the classifier take pictures of 32 to 1024 pixels per side, and nothing above their highest
        layer is computed. Raises NoGradientError if all of a picture's gradient is zero or any of it is not a
        number; LabelError, LayerError or ValueError for a class, layer or channel that does not exist.
        """
        objectives = self._objectives(picture, objective)
        layers = self._layers_of(objectives)
        net, pictures = self._prepared(picture, layers)
        gradients = []
        for part in _parts(net, pictures):
            net.forward(pictures[part], layers[-1])
            gradients.append(self._backward(net, objectives[part]))
        gradient = np.concatenate(gradients)
        return gradient if np.ndim(picture) == 4 else gradient[0]

    def predict_and_gradient(self, picture: Numbers, objective: Wanted) -> tuple[Any, Floats]:
        """Both answers of one step, (prediction, gradient), for one forward and one backward pass."""
        objectives = self._objectives(picture, objective)
        pictures, predictions, gradients = self._checked(picture), [], []
        self._layers_of(objectives)
        for part in _parts(self._whole, pictures):
            self._whole.forward(pictures[part], "prob")
            predictions += self._predictions()
            gradients.append(self._backward(self._whole, objectives[part]))
        gradient = np.concatenate(gradients)
        return (predictions, gradient) if np.ndim(picture) == 4 else (predictions[0], gradient[0])

    predict_all, gradients, predict_all_and_gradients = predict, gradient, predict_and_gradient

    def find(self, target: Target) -> frozenset[int]:
        """The indices of a target: of one class by index or name, or of a set of classes that count as one."""
        return frozenset(int(i) for i in np.flatnonzero(self.labels.mask(target)))

    def _predictions(self) -> list[Prediction]:
        probabilities = self._whole.activations("prob")
        probabilities = probabilities.reshape(len(probabilities), -1).copy()
        return [Prediction(row, self.labels) for row in probabilities]

    def _backward(self, net: CaffeNet, objectives: list[Objective]) -> Floats:
        """The gradient (n x height x width x 3) of one objective per picture, after a forward pass."""
        slopes: dict[str, Doubles] = {}
        for i, objective in enumerate(objectives):
            for weight, term in objective.terms:
                _, slope = self._measured(net, term, i)
                layer = term.layer or self.logits
                shape = net.activations(layer).shape
                slopes.setdefault(layer, np.zeros(shape))[i] += weight * slope.reshape(shape[1:])
        gradient = net.backward(slopes)
        if not np.isfinite(gradient).all() or not gradient.any(axis=(1, 2, 3)).all():
            raise NoGradientError(
                "The gradient is zero or not a number. If the objective is a probability, the network may be too "
                "sure of itself: use the class itself, which means its log-probability. If it is a channel, nothing "
                "in this picture excites it: start from noise or from another picture. If the prototxt is your own, "
                "it needs propagate_down: true on its first layer, or force_backward: true."
            )
        return gradient

    def _measured(self, net: CaffeNet, term: Term, i: int) -> tuple[float, Doubles]:
        """The value and the slope of one term for picture i."""
        layer = term.layer or self.logits
        # In float64: where the network is sure, float32 would round 1 - p, and with it the gradient, to nothing.
        activations = net.activations(layer)[i].astype(np.float64)
        return term.measure(activations.ravel() if self._is_vector(layer) else activations, self.labels)

    def _is_vector(self, layer: str) -> bool:
        """Does the layer lie above the trunk, where no position is left?"""
        return layer in self._whole.vectors

    def _objectives(self, picture: Numbers, wanted: Wanted) -> list[Objective]:
        """One objective per picture."""
        n = len(picture) if np.ndim(picture) == 4 else 1
        if not isinstance(wanted, list):
            return [as_objective(wanted)] * n
        if len(wanted) != n or np.ndim(picture) != 4:
            raise ValueError(
                f"There are {n} pictures and {len(wanted)} objectives: give one for all, or a list with one for each "
                "picture of a batch."
            )
        return [as_objective(one) for one in wanted]

    def _layers_of(self, objectives: list[Objective]) -> list[str]:
        """The layers that the objectives are computed from, the highest last."""
        layers = {term.layer or self.logits for objective in objectives for _, term in objective.terms}
        if not layers:
            raise ValueError("The objective has no term: give at least one.")
        return sorted((self._whole.found(layer) for layer in layers), key=self._whole.made_by.__getitem__)

    def _prepared(self, picture: Numbers, layers: list[str]) -> tuple[CaffeNet, Numbers]:
        """The network that can compute these layers for a picture of this size, and the picture as a batch."""
        fits = np.shape(picture)[-3:-1] == self.size
        if fits or any(self._is_vector(layer) for layer in layers):
            return self._whole, self._checked(picture)
        pictures = _batch_of(picture, f"32 to 1024 pixels high and wide, x {self.channels}")
        _, height, width, channels = pictures.shape
        if channels != self.channels or not (SIDES[0] <= min(height, width) and max(height, width) <= SIDES[1]):
            raise ValueError(
                f"This picture is {height} x {width} x {channels}. The layers below the classifier take pictures of "
                f"{SIDES[0]} to {SIDES[1]} pixels per side, x {self.channels}: make it fit first."
            )
        needed, free = self._trunk.bytes_for(height, width), memory.available()
        if needed > free:
            raise MemoryError(
                f"A picture of {height} x {width} pixels takes {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are "
                "free. Take a smaller picture, or close something."
            )
        return self._trunk, pictures

    def _checked(self, picture: Numbers) -> Numbers:
        """The picture as a batch of one (or the batch as it is), or a ValueError that says what is wrong."""
        height, width = self.size
        size = f"{height} x {width} x {self.channels}"
        # Caffe ends the whole process, the notebook's kernel, where a size does not fit.
        if np.ndim(picture) not in (3, 4) or np.shape(picture)[-3:] != (height, width, self.channels):
            raise ValueError(
                f"{self.name} takes a picture of the shape {size}, or a batch n x {size}; this has "
                f"{np.shape(picture)}. images.load makes a picture of any size fit."
            )
        return _batch_of(picture, size)


def _parts(net: CaffeNet, pictures: Numbers) -> Iterator[slice]:
    """The parts of a batch that go through the network together, each of AT_ONCE bytes, or one picture, at most."""
    n, height, width, _ = pictures.shape
    most = max(1, AT_ONCE // net.bytes_for(height, width))
    # Larger parts first: whenever the size changes, Caffe prepares each convolution anew.
    for part in np.array_split(np.arange(n), math.ceil(n / most)):
        yield slice(part[0], part[-1] + 1)


def _batch_of(picture: Numbers, size: str) -> Numbers:
    """The picture as a batch of one (or the batch as it is). Raises ValueError if it holds no pixel values."""
    array = np.asarray(picture)
    if array.ndim not in (3, 4):
        raise ValueError(f"A picture is {size}, and a batch has n of them; this has the shape {array.shape}.")
    if not len(array):
        raise ValueError("There is no picture in the batch.")
    if array.dtype.kind not in "uif":
        raise ValueError(f"A picture holds numbers from 0 to 255 (uint8, or float32); this holds {array.dtype}.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError("The picture holds values that are not finite numbers (NaN or infinity).")
    return array[None] if array.ndim == 3 else array
