"""A Caffe network that classifies pictures, and its gradient with respect to the picture.

Pictures here are RGB, height x width x 3, pixel values 0..255. Caffe's own conventions (blue first, the mean
subtracted, channels before rows) exist in this file only.
"""

import html
from pathlib import Path

import numpy as np

from tricknet.labels import Labels
from tricknet.paths import models_folder

MEAN = (
    123,
    117,
    104,
)  # the training pictures' mean red, green and blue, which the networks were trained without
NO_MEAN = (0, 0, 0)  # the article's preprocessing: it forgot the mean, and its figures hold only so


class MissingWeightsError(FileNotFoundError):
    """The network's trained weights are not on this machine yet; the message says how to get them."""


class NoGradientError(ArithmeticError):
    """The gradient is zero or not a number, and a step along it would go nowhere."""


class Prediction:
    """What a network says of one picture: a probability for each class."""

    def __init__(self, probabilities: np.ndarray, labels: Labels):
        self.probabilities = probabilities  # float32, one a class, summing to 1
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


def _softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _probability(p, t):
    """d(p of t) / d(logits). Vanishes as p of t nears 0 or 1."""
    total = (p * t).sum(axis=1, keepdims=True)
    return p * t - p * total


def _log_probability(p, t):
    """d(log p of t) / d(logits): `t - p` for one class. Never vanishes while p of t is below 1."""
    total = (p * t).sum(axis=1, keepdims=True)
    return p * t / total - p


# What can be climbed. Each takes the probabilities p (pictures x classes) and the targets t (1 for a class that
# counts, 0 elsewhere) and gives the derivative with respect to the logits.
OBJECTIVES = {"log-probability": _log_probability, "probability": _probability}


class Classifier:
    """A network in Caffe's format, ready to be asked and ready to be differentiated.

    prototxt, weights: the two files of the network.
    logits: name of the last layer before the softmax.
    mean: the red, green and blue (pixel values) subtracted from each pixel before the network sees it.

    Raises MissingWeightsError where the weights are not there yet; what asks it raises ValueError for an array that is
    no picture of the size that the prototxt has.
    """

    def __init__(self, prototxt, weights, logits: str, mean=MEAN, name: str = "the network"):
        self.prototxt, self.weights = Path(prototxt), Path(weights)
        self.name, self.logits = name, logits
        if not self.weights.exists():
            raise MissingWeightsError(
                f"The weights of {name} are not here yet ({self.weights}). Run scripts/download_model.sh "
                "in the project's folder, then try again."
            )
        import caffe  # late, so that everything that needs no network loads at once

        self.net = caffe.Net(str(self.prototxt), str(self.weights), caffe.TEST)
        self.labels = Labels()
        self.mean = np.array(mean, dtype=np.float32)

    def predict(self, picture: np.ndarray) -> Prediction | list[Prediction]:
        """What the network says of a picture (224 x 224 x 3), or of each of a batch (n x 224 x 224 x 3)."""
        p = self._forward(self._checked(picture))
        predictions = [Prediction(row, self.labels) for row in p]
        return predictions if np.ndim(picture) == 4 else predictions[0]

    def gradient(self, picture: np.ndarray, target, objective: str = "log-probability") -> np.ndarray:
        """How the objective changes as each value of the picture grows: float32, the picture's shape.

        target: a class by index or name, or a set of them that counts as one class. For a batch, a list
        with one target a picture. objective: "log-probability", or "probability" as in the article, which
        vanishes (to about 1e-15) where the network is sure.

        Raises NoGradientError if all of a picture's gradient is zero or any of it is not a number.
        """
        return self.predict_and_gradient(picture, target, objective)[1]

    def predict_and_gradient(self, picture, target, objective: str = "log-probability"):
        """Both answers of one step, (prediction, gradient), for one forward and one backward pass."""
        if objective not in OBJECTIVES:
            raise ValueError(f"There is no objective {objective!r}. There are: {', '.join(OBJECTIVES)}.")
        pictures = self._checked(picture)
        targets = self._targets(target if np.ndim(picture) == 4 else [target], len(pictures))
        p = self._forward(pictures)
        logits = self.net.blobs[self.logits]
        # In float64: where the network is sure, float32 would round 1 - p, and with it the gradient, to nothing.
        climb = OBJECTIVES[objective](_softmax(logits.data.reshape(p.shape).astype(np.float64)), targets)
        logits.diff.reshape(p.shape)[...] = climb
        gradient = self._backward()
        predictions = [Prediction(row, self.labels) for row in p]
        return (predictions, gradient) if np.ndim(picture) == 4 else (predictions[0], gradient[0])

    def _forward(self, pictures: np.ndarray) -> np.ndarray:
        """The probabilities (n x classes) of pictures (n x height x width x 3)."""
        n, data = len(pictures), self.net.blobs["data"]
        if data.shape[0] != n:
            data.reshape(n, *data.shape[1:])
            self.net.reshape()
        # Caffe wants blue first and channels before rows: a view does both, and no copy is made but Caffe's own.
        np.subtract(pictures[..., ::-1].transpose(0, 3, 1, 2), self.mean[::-1, None, None], out=data.data)
        return self.net.forward()["prob"].reshape(n, -1).copy()

    def _backward(self) -> np.ndarray:
        """The gradient (n x height x width x 3) of what lies in the logits' diff."""
        bgr = self.net.backward(start=self.logits)["data"]
        if not np.isfinite(bgr).all() or not bgr.any(axis=(1, 2, 3)).all():
            raise NoGradientError(
                "The gradient is zero or not a number. If the objective is the probability, the network may be "
                'too sure of itself: use objective="log-probability". If the prototxt is your own, it needs '
                "propagate_down: true on its first layer, or force_backward: true."
            )
        return np.ascontiguousarray(bgr.transpose(0, 2, 3, 1)[..., ::-1])

    def _targets(self, targets: list, n: int) -> np.ndarray:
        """A row of 0 and 1 for each picture (float32, n x classes), from classes by index or name."""
        if len(targets) != n:
            raise ValueError(f"There are {n} pictures and {len(targets)} targets: give one target for each picture.")
        rows = np.zeros((n, len(self.labels)), dtype=np.float32)
        for row, target in zip(rows, targets, strict=True):
            row[list(self.find(target))] = 1
        return rows

    def _checked(self, picture: np.ndarray) -> np.ndarray:
        """The picture as a batch of one (or the batch as it is), or a ValueError that says what is wrong."""
        array = np.asarray(picture)
        channels, height, width = self.net.blobs["data"].shape[1:]
        # Caffe ends the whole process, the notebook's kernel, where a size does not fit.
        if array.ndim not in (3, 4) or array.shape[-3:] != (height, width, channels):
            size = f"{height} x {width} x {channels}"
            raise ValueError(
                f"{self.name} takes a picture of the shape {size}, or a batch n x {size}; this has {array.shape}. "
                "images.load makes a picture of any size fit."
            )
        if not len(array):
            raise ValueError("There is no picture in the batch.")
        if array.dtype.kind not in "uif":
            raise ValueError(f"A picture holds numbers from 0 to 255 (uint8, or float32); this holds {array.dtype}.")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError("The picture holds values that are not finite numbers (NaN or infinity).")
        return array[None] if array.ndim == 3 else array

    def find(self, target) -> frozenset[int]:
        """The indices of a target: of one class by index or name, or of a set of classes that counts as one."""
        classes = target if isinstance(target, (set, frozenset)) else {target}
        if not classes:
            raise ValueError("The set of classes is empty: give at least one.")
        return frozenset(self.labels.find(c) for c in classes)


def GoogLeNet(mean=MEAN) -> Classifier:  # noqa: N802 - the network's own name
    """BVLC GoogLeNet (Szegedy et al., "Going Deeper with Convolutions", 2014): the article's network."""
    folder = models_folder() / "googlenet"
    return Classifier(
        folder / "deploy.prototxt",
        folder / "bvlc_googlenet.caffemodel",
        "loss3/classifier",
        mean,
        "GoogLeNet",
    )


def SqueezeNet(mean=MEAN) -> Classifier:  # noqa: N802
    """SqueezeNet v1.1 (Iandola et al., 2016): a much smaller network, for comparison and as a fallback."""
    folder = models_folder() / "squeezenet"
    return Classifier(
        folder / "deploy.prototxt",
        folder / "squeezenet_v1.1.caffemodel",
        "pool10",
        mean,
        "SqueezeNet",
    )


def default_model(mean=MEAN) -> Classifier:
    """GoogLeNet, or, loudly, SqueezeNet where only its weights could be had."""
    try:
        return GoogLeNet(mean)
    except MissingWeightsError:
        if not (models_folder() / "squeezenet" / "squeezenet_v1.1.caffemodel").exists():
            raise
    print(
        "NOTE: GoogLeNet's weights are not here, so this runs on SqueezeNet, a smaller network: the figures will "
        "differ from the text. scripts/download_model.sh gets GoogLeNet."
    )
    return SqueezeNet(mean)
