"""A network that classifies pictures, and the gradient of any objective with respect to the picture.

Pictures here are RGB, height x width x 3, pixel values 0..255 (FashionNet's are grey: x 1). How Caffe wants them is in
caffe_net.py.
"""

import html
import math
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np

from tricknet import memory
from tricknet.arrays import Doubles, Floats, Numbers
from tricknet.colours import BLUE
from tricknet.networks.caffe_net import CaffeNet
from tricknet.networks.labels import Labels
from tricknet.networks.layers import MEAN
from tricknet.networks.objectives import Goal, Objective, Target, Term, as_objective
from tricknet.networks.weights import WeightsError

SIDES = (32, 1024)  # pixels: what the layers below the classifier take; 1024 x 1024 takes 1.8 GB in GoogLeNet
AT_ONCE = 100_000_000  # bytes: a batch whose layers take more goes through in parts, which is about as fast

type Objectives = Goal | list[Objective] | list[Goal]  # for all pictures, or one for each


class MissingWeightsError(FileNotFoundError):
    """The file with the network's trained weights is missing; the message says how to get it back."""


class NoGradientError(ArithmeticError):
    """The gradient is zero or not a number, so a step along it would go nowhere."""


class Trained(NamedTuple):
    """A trained network: the file of its weights in its folder, the last layer before the softmax, and the mean.

    site: do the web pages have it? Their engine has only the kinds of layers that are listed in web/plan.py.
    """

    weights: str
    logits: str
    mean: tuple[float, ...] = MEAN
    site: bool = True


class Answer(NamedTuple):
    """One class in a prediction. As text: its name and its probability, such as "vulture 99.3%"."""

    index: int  # type: ignore[assignment]  # a tuple has a method of that name, which nobody needs here
    name: str
    probability: float

    def __str__(self) -> str:
        return f"{self.name} {self.probability:.1%}"


class Prediction:
    """What a network says about one picture: a probability for each class. As text: its best class."""

    def __init__(self, probabilities: Floats, labels: Labels):
        self.probabilities = probabilities  # float32, one per class, summing to 1
        self.labels = labels

    @property
    def best(self) -> Answer:
        """The most probable class."""
        return self.top(1)[0]

    def top(self, k: int = 5) -> list[Answer]:
        """The k most probable classes, best first: (index, name, probability)."""
        best = np.argsort(-self.probabilities, kind="stable")[:k]
        return [Answer(int(i), self.labels[i], float(self.probabilities[i])) for i in best]

    def __getitem__(self, label: int | str) -> float:
        """The probability of one class, by index or name: prediction["panda"]."""
        return float(self.probabilities[self.labels.find(label)])

    def log_odds(self, label: int | str) -> float:
        """A class's score less those of all others together. Near p = 1 these keep the digits that 1 - p would lose."""
        p, own = self.probabilities.astype(np.float64), self.labels.find(label)
        return float(np.log(p[own]) - np.log(np.delete(p, own).sum()))

    def __str__(self) -> str:
        return str(self.best)

    def __repr__(self) -> str:
        rows = self.top(5)
        wide = max(len(name) for _, name, _ in rows)
        return "\n".join(f"{name:{wide}}  {p:7.2%}  {'█' * round(30 * p)}" for _, name, p in rows)

    def _repr_html_(self) -> str:
        row = (
            "<tr><td style='text-align:right'>{}</td><td style='text-align:right'>{:.2%}</td>"
            "<td style='text-align:left;width:20em'><div style='background:{};height:1em;width:{:.1f}%'>"
            "</div></td></tr>"
        )
        rows = (row.format(html.escape(name), p, BLUE, 100 * p) for _, name, p in self.top(5))
        return f"<table aria-label='Most probable classes'>{''.join(rows)}</table>"


class Classifier:
    """A Caffe network that can classify pictures and compute gradients.

    prototxt, weights: the two files of the network.
    logits: name of the last layer before the softmax.
    mean: the red, green and blue (pixel values) subtracted from each pixel before the network sees it; one number for
    a network that takes grey pictures (x 1 where x 3 is said here).
    labels: the names of its classes (default: ImageNet's 1000).

    Raises MissingWeightsError if there is no such file of weights, and WeightsError if the file is empty, cut short
    or another network's; ValueError unless there is one label for each class.

    Its methods take one picture (height x width x 3), or several of the same size: a list, or a batch
    (n x height x width x 3). They answer alike, for one or for each. (To a type checker an array is one picture: it
    needs `list(batch)`.) They raise ValueError for an array that is not a picture of a size the network takes.
    """

    def __init__(
        self,
        prototxt: str | Path,
        weights: str | Path,
        logits: str,
        *,
        mean: Sequence[float] | Floats = MEAN,
        name: str = "the network",
        labels: Labels | None = None,
    ):
        self.prototxt, file = Path(prototxt), Path(weights)
        self.weights: Path | None = file  # None of a copy, whose weights are in no file
        self.name, self.logits = name, logits
        if not file.exists():
            raise MissingWeightsError(
                f"The weights of {name} are missing: there is no file {file}. Run scripts/download_model.sh in "
                "the project's folder: it brings them back, or says how."
            )
        self.labels = labels or Labels()
        self.mean = np.array(mean, dtype=np.float32)
        try:
            self._whole = CaffeNet(self.prototxt, file, self.mean)
        except WeightsError as error:
            raise WeightsError(
                f"{file} is not what {name} needs: {error}. Run scripts/download_model.sh in the project's "
                "folder: it brings the right file back, or says how."
            ) from None
        _, self.channels, height, width = self._whole.shapes["data"]
        self.size: tuple[int, int] = (height, width)
        if (classes := math.prod(self._whole.shapes[logits])) != len(self.labels):
            raise ValueError(
                f"{name} has {classes} classes, but {len(self.labels)} names for them. Each class needs a line "
                "in labels.txt, in the order of the outputs. Put that file into the network's folder in models/, or "
                "pass labels=tricknet.Labels(file)."
            )

    def copy(self, name: str | None = None) -> "Classifier":
        """The same network once more, with the weights that this one has now. What changes one leaves the other.

        name: of the copy (default: the same).
        """
        twin = copy(self)
        twin.name, twin.mean, twin.weights = name or self.name, self.mean.copy(), None
        twin._whole = CaffeNet(self.prototxt, None, twin.mean)
        twin._whole.take(self.parameters)
        vars(twin).pop("_trunk", None)  # it has this one's weights
        return twin

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """What each layer computes from one picture, and "data", as Caffe has it: (1, channels, height, width)."""
        return self._whole.shapes

    @property
    def parameters(self) -> dict[str, list[Floats]]:
        """What was learnt, by layer: its weights and, where it has one, its bias (float32, in Caffe's order).

        They are the network's own memory: writing into an array changes the network.
        """
        return {layer: [blob.data for blob in blobs] for layer, blobs in self._whole.net.params.items()}

    @cached_property
    def _trunk(self) -> CaffeNet:
        return self._whole.trunk()

    @overload
    def predict(self, pictures: Numbers) -> Prediction: ...
    @overload
    def predict(self, pictures: Sequence[Numbers]) -> list[Prediction]: ...
    def predict(self, pictures: Numbers | Sequence[Numbers]) -> Prediction | list[Prediction]:
        """What the network says about a picture, or a list of what it says about each of several."""
        batch, one = _batch(pictures)
        batch, predictions = self._checked(batch), list[Prediction]()
        for part in _parts(self._whole, len(batch), self.size):
            self._whole.forward(batch[part], "prob")
            predictions += self._predictions()
        return predictions[0] if one else predictions

    def activations(self, pictures: Numbers | Sequence[Numbers], layer: str) -> Floats:
        """What a layer computes from a picture: float32, height x width x channels, or (classes,) at the end.

        Every layer below the classifier takes pictures of 32 to 1024 pixels per side. Raises LayerError for an
        unknown layer; it suggests similar names.
        """
        return self.by_layer(pictures, [layer])[layer]

    def by_layer(self, pictures: Numbers | Sequence[Numbers], layers: Iterable[str]) -> dict[str, Floats]:
        """`activations` of several layers, by name, at the cost of one forward pass."""
        batch, one = _batch(pictures)
        names = [self._whole.known(layer) for layer in layers]
        net, batch = self._prepared(batch, names)
        highest, parts = max(names, key=net.written_by.__getitem__), []
        for part in _parts(net, len(batch), batch.shape[1:3]):
            net.forward(batch[part], highest)
            parts.append({layer: net.activations(layer).copy() for layer in names})
        whole = {layer: np.concatenate([part[layer] for part in parts]) for layer in names}
        return {layer: activations[0] for layer, activations in whole.items()} if one else whole

    @overload
    def predict_from(self, layer: str, activations: Numbers) -> Prediction: ...
    @overload
    def predict_from(self, layer: str, activations: Sequence[Numbers]) -> list[Prediction]: ...
    def predict_from(self, layer: str, activations: Numbers | Sequence[Numbers]) -> Prediction | list[Prediction]:
        """What the network says where a layer holds these activations instead of its own: the layers above run on.

        activations: height x width x channels, or several of them. (Activation patching, Meng et al. 2022.) Raises
        LayerError for an unknown layer, and ValueError where the activations do not fit, or where the layers above read
        another one too.
        """
        name, (batch, one), predictions = self._whole.known(layer), _batch(activations, "These activations"), []
        for part in _parts(self._whole, len(batch), self.size):
            self._whole.forward_from(name, batch[part], "prob")
            predictions += self._predictions()
        return predictions[0] if one else predictions

    def value(self, picture: Numbers, objective: Goal) -> float:
        """The objective's value for one picture: a class (by index or name, or a set) means its log-probability."""
        batch, one = _batch(picture)
        if not one:
            raise ValueError(f"You gave {len(batch)} pictures. Ask for the value of one at a time.")
        chosen = as_objective(objective)
        layers = self._layers_of([chosen])
        net, pictures = self._prepared(batch, layers)
        net.forward(pictures, layers[-1])
        return sum(weight * self._measured(net, term, 0)[0] for weight, term in chosen.terms)

    def gradient(self, pictures: Numbers | Sequence[Numbers], objectives: Objectives) -> Floats:
        """How the objective changes as each value of the picture grows: float32, the picture's shape.

        objectives: an Objective, or a class by index or name, or several classes that count as one, which mean their
        log-probability; for several pictures also a list with one for each.

        Objectives below the classifier take pictures of 32 to 1024 pixels per side, and nothing above their highest
        layer is computed. Raises NoGradientError if all of a picture's gradient is zero or any of it is not a number;
        LabelError, LayerError or ValueError for a class, layer or channel that does not exist.
        """
        batch, one = _batch(pictures)
        each = _for_each(batch, objectives)
        layers, gradients = self._layers_of(each), []
        net, batch = self._prepared(batch, layers)
        for part in _parts(net, len(batch), batch.shape[1:3]):
            net.forward(batch[part], layers[-1])
            gradients.append(self._backward(net, each[part]))
        gradient: Floats = np.concatenate(gradients)
        return gradient[0] if one else gradient

    @overload
    def predict_and_gradient(self, pictures: Numbers, objectives: Objectives) -> tuple[Prediction, Floats]: ...
    @overload
    def predict_and_gradient(
        self, pictures: Sequence[Numbers], objectives: Objectives
    ) -> tuple[list[Prediction], Floats]: ...
    def predict_and_gradient(
        self, pictures: Numbers | Sequence[Numbers], objectives: Objectives
    ) -> tuple[Prediction | list[Prediction], Floats]:
        """Both answers of one step, what `predict` and `gradient` give, for one forward and one backward pass."""
        batch, one = _batch(pictures)
        batch, each = self._checked(batch), _for_each(batch, objectives)
        self._layers_of(each)
        predictions, gradients = [], []
        for part in _parts(self._whole, len(batch), self.size):
            self._whole.forward(batch[part], "prob")
            predictions += self._predictions()
            gradients.append(self._backward(self._whole, each[part]))
        gradient: Floats = np.concatenate(gradients)
        return (predictions[0], gradient[0]) if one else (predictions, gradient)

    def indices(self, target: Target) -> frozenset[int]:
        """The indices of a target: of one class by index or name, or of a set of classes that count as one."""
        return frozenset(int(i) for i in np.flatnonzero(self.labels.mask(target)))

    # What is below takes a batch.

    def _predictions(self) -> list[Prediction]:
        """What the last forward pass ended in."""
        return [Prediction(row, self.labels) for row in self._whole.activations("prob").copy()]

    def _backward(self, net: CaffeNet, objectives: list[Objective]) -> Floats:
        """The gradient (n x height x width x 3) of one objective per picture, after a forward pass."""
        slopes: dict[str, Doubles] = {}
        for i, objective in enumerate(objectives):
            for weight, term in objective.terms:
                _, slope = self._measured(net, term, i)
                layer = term.layer or self.logits
                slopes.setdefault(layer, np.zeros(net.activations(layer).shape))[i] += weight * slope
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
        activations = net.activations(term.layer or self.logits)[i]
        # In float64: where the network is sure, float32 would round 1 - p, and with it the gradient, to nothing.
        return term.measure(activations.astype(np.float64), self.labels)

    def _layers_of(self, objectives: list[Objective]) -> list[str]:
        """The layers that the objectives are computed from, the highest last."""
        layers = {term.layer or self.logits for objective in objectives for _, term in objective.terms}
        if not layers:
            raise ValueError("The objective has no term: give at least one.")
        return sorted((self._whole.known(layer) for layer in layers), key=self._whole.written_by.__getitem__)

    def _prepared(self, pictures: Numbers, layers: list[str]) -> tuple[CaffeNet, Numbers]:
        """The network that can compute these layers for pictures of this size, and the pictures, checked."""
        if pictures.shape[1:3] == self.size or not self._whole.vectors.isdisjoint(layers):
            return self._whole, self._checked(pictures)
        size = f"{SIDES[0]} to {SIDES[1]} pixels per side, x {self.channels}"
        _, height, width, channels = pictures.shape
        if channels != self.channels or not (SIDES[0] <= min(height, width) and max(height, width) <= SIDES[1]):
            raise ValueError(
                f"This picture is {height} x {width} x {channels}. The layers below the classifier take pictures of "
                f"{size}: make it fit first."
            )
        needed, free = self._trunk.bytes_for(height, width), memory.available()
        if needed > free:
            raise MemoryError(
                f"A picture of {height} x {width} pixels takes {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB is "
                "free. Use a smaller picture, or close another program."
            )
        return self._trunk, _pixels(pictures)

    def _checked(self, pictures: Numbers) -> Numbers:
        """The pictures, or a ValueError that says what is wrong."""
        height, width = self.size
        # Caffe ends the whole process, the notebook's kernel, where a size does not fit.
        if pictures.shape[1:] != (height, width, self.channels):
            raise ValueError(
                f"{self.name} takes a picture of the shape {height} x {width} x {self.channels}; yours has "
                f"{pictures.shape[1:]}. images.load makes a picture of any size fit."
            )
        return _pixels(pictures)


def first_answers(model: Classifier, pictures: Iterable[Numbers]) -> list[int]:
    """The network's first answer to each picture: the index of its class."""
    return [prediction.best.index for prediction in model.predict(list(pictures))]


def _batch(arrays: Numbers | Sequence[Numbers], what: str = "This") -> tuple[Numbers, bool]:
    """One array (height x width x channels) or several as a batch, and whether it was one. Raises ValueError."""
    try:
        batch = np.asarray(arrays)
    except ValueError:
        raise ValueError("The pictures of a list must all have the same shape.") from None
    if batch.ndim not in (3, 4):
        raise ValueError(f"{what} should be height x width x channels, or n of that, but the shape is {batch.shape}.")
    one = batch.ndim == 3
    if not len(batch := batch[None] if one else batch):
        raise ValueError("The batch is empty.")
    return batch, one


def _pixels(pictures: Numbers) -> Numbers:
    """The batch. Raises ValueError if it holds no pixel values."""
    if pictures.dtype.kind not in "uif":
        raise ValueError(f"A picture holds numbers from 0 to 255 (uint8, or float32); this one holds {pictures.dtype}.")
    if pictures.dtype.kind == "f" and not np.isfinite(pictures).all():
        raise ValueError("The picture holds values that are not finite numbers (NaN or infinity).")
    return pictures


def _for_each(pictures: Numbers, objectives: Objectives) -> list[Objective]:
    """One objective per picture."""
    if not isinstance(objectives, list):
        return [as_objective(objectives)] * len(pictures)
    if len(objectives) != len(pictures):
        raise ValueError(
            f"There are {len(pictures)} pictures and {len(objectives)} objectives: give one for all, or a list with "
            "one per picture."
        )
    return [as_objective(objective) for objective in objectives]


def _parts(net: CaffeNet, n: int, size: tuple[int, ...]) -> list[slice]:
    """A batch of n pictures of a size (height, width) in parts that take AT_ONCE bytes, or are one picture."""
    most = max(1, AT_ONCE // net.bytes_for(*size))
    # Larger parts first: whenever the size changes, Caffe prepares each convolution anew.
    indices = np.array_split(np.arange(n), math.ceil(n / most))
    return [slice(part[0], part[-1] + 1) for part in indices]
