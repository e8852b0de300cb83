"""Loads a trained network from its folder in models/."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tricknet.networks.classifier import Classifier


def load_network(
    folder: str, name: str, logits: str, *, mean: Sequence[float], weights: Path | None = None
) -> "Classifier":
    """The network of a folder in models/: its deploy.prototxt, its .caffemodel, and its labels.

    weights: other weights. logits, mean: as for Classifier. A folder without a labels.txt means ImageNet's labels.

    Raises MissingWeightsError and WeightsError as Classifier does.
    """
    # Late: the image reads the networks' packages where nothing but their folder is.
    from tricknet.networks.classifier import Classifier
    from tricknet.networks.labels import Labels
    from tricknet.paths import models_folder

    place = models_folder() / folder
    weights = weights or min(place.glob("*.caffemodel"), default=place / f"{folder}.caffemodel")
    own = place / "labels.txt"
    labels = Labels(own) if own.exists() else None
    return Classifier(place / "deploy.prototxt", weights, logits, mean, name, labels)
