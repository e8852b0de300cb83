"""A network as the page in a browser has it, run by onnxruntime without one, and asked as a Classifier is asked.

onnxruntime's engine is the same C++ in a browser, compiled to WebAssembly. Its sums there run in another order.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import onnxruntime

from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Objective, Target
from web.graph import graph_of


class OnnxTwin:
    """The graph of a Classifier. half, inner: see `graph_of`. threads: 0 for as many as there are cores."""

    def __init__(self, model: Classifier, *, half: bool = False, inner: str | None = None, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        graph = graph_of(model, half=half, inner=inner).SerializeToString()
        self.bytes, self.labels = len(graph), model.labels
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def ask(
        self, picture: np.ndarray, inside: Collection[int] = (), weight: float = 0, slope: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities, the gradient of weight * log P(inside) + slope . logits) for one picture."""
        given = {} if slope is None else {"slope": slope}
        mask = np.zeros(len(self.labels))
        mask[list(inside)] = 1
        return self._run(("probabilities", "gradient"), picture=picture, inside=mask, weight=weight, **given)

    def climb(self, picture: np.ndarray, channels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(the mean of each channel of the inner layer, the gradient of channels . means) for one picture."""
        return self._run(("means", "gradient"), picture=picture, channels=channels)

    def _run(self, wanted: Collection[str], **given: npt.ArrayLike) -> tuple[np.ndarray, ...]:
        """What the graph gives for one picture. What it is not given is 0."""
        inputs = {one.name: np.zeros(one.shape, np.float32) for one in self._session.get_inputs()}
        inputs |= {name: np.asarray(array, np.float32)[None] for name, array in given.items()}
        return tuple(found[0] for found in self._session.run(list(wanted), inputs))

    def find(self, target: Target) -> frozenset[int]:
        """As a Classifier does it."""
        return frozenset(np.flatnonzero(self.labels.mask(target)).tolist())

    def predict(self, picture: np.ndarray) -> Prediction:
        """What the graph says about one picture."""
        return Prediction(self.ask(picture)[0], self.labels)

    def predict_and_gradient(self, picture: np.ndarray, objective: Objective) -> tuple[Prediction, np.ndarray]:
        """As a Classifier does it, for one picture and one Class with its weight."""
        ((weight, term),) = objective.terms
        probabilities, gradient = self.ask(picture, self.find(term.target), weight)
        return Prediction(probabilities, self.labels), gradient
