"""A network as the page in a browser has it, run by onnxruntime without one, and asked as a Classifier is asked.

onnxruntime's engine is the same C++ in a browser, compiled to WebAssembly. Its sums there run in another order.
"""

from collections.abc import Collection

import numpy as np
import onnxruntime

from tricknet.networks.classifier import Classifier, Prediction
from web.graph import graph_of


class OnnxTwin:
    """The graph of a Classifier. half: with weights in half precision. threads: 0 for as many as there are cores."""

    def __init__(self, model: Classifier, *, half: bool = False, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        graph = graph_of(model, half=half).SerializeToString()
        self.bytes, self.labels = len(graph), model.labels
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def ask(
        self, picture: np.ndarray, inside: Collection[int] = (), weight: float = 0, slope: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities, the gradient of weight * log P(inside) + slope . logits) for one picture."""
        classes = len(self.labels)
        mask = np.zeros((1, classes), np.float32)
        mask[0, list(inside)] = 1
        slopes = np.zeros((1, classes), np.float32) if slope is None else slope[None].astype(np.float32)
        given = {"picture": picture[None].astype(np.float32), "inside": mask, "slope": slopes}
        given["weight"] = np.array([weight], np.float32)
        probabilities, gradient = self._session.run(["probabilities", "gradient"], given)
        return probabilities[0], gradient[0]

    def predict_all(self, pictures: np.ndarray) -> list[Prediction]:
        """What the graph says about each picture."""
        return [Prediction(self.ask(picture)[0], self.labels) for picture in pictures]

    def predict_all_and_gradients(self, pictures: np.ndarray, objectives: list) -> tuple[list[Prediction], np.ndarray]:
        """As a Classifier does it, for one Class with its weight per picture."""
        answers = []
        for picture, objective in zip(pictures, objectives, strict=True):
            ((weight, term),) = objective.terms
            answers.append(self.ask(picture, np.flatnonzero(self.labels.mask(term.target)).tolist(), weight))
        return [Prediction(said, self.labels) for said, _ in answers], np.stack([gradient for _, gradient in answers])
