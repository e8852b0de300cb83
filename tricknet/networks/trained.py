"""Loads a trained network from its folder in models/."""

from collections.abc import Sequence
from pathlib import Path

from tricknet.networks.classifier import Classifier
from tricknet.networks.labels import Labels
from tricknet.paths import MODELS


def load_network(folder: str, weights: str | Path, name: str, *, logits: str, mean: Sequence[float]) -> Classifier:
    """The network of a folder in models/: its deploy.prototxt, weights, and labels.

    weights: a file in that folder, or a path. logits, mean: as for Classifier. A folder without a labels.txt means
    ImageNet's labels.

    Raises MissingWeightsError and WeightsError as Classifier does.
    """
    place = MODELS / folder
    own = place / "labels.txt"
    labels = Labels(own) if own.exists() else None
    return Classifier(place / "deploy.prototxt", place / weights, logits, mean, name, labels)
