"""Loads a trained network from its folder in models/."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tricknet.networks.classifier import Classifier


def load_network(
    folder: str, name: str, logits: str, *, mean: Sequence[float], weights: Path | None = None
) -> "Classifier":
    """The network of a folder in models/: its deploy.prototxt, the weights that its weights.txt names, and its labels.

    weights: other weights. logits, mean: as for Classifier. A folder without a labels.txt means ImageNet's labels.

    Raises MissingWeightsError and WeightsError as Classifier does.
    """
    # Late: the image reads the networks' packages where nothing but their folder is.
    from tricknet.networks.classifier import Classifier, MissingWeightsError
    from tricknet.networks.download import Checkpoint
    from tricknet.networks.labels import Labels
    from tricknet.paths import models_folder

    place = models_folder() / folder
    try:
        weights = weights or Checkpoint(folder).path
    except ValueError as error:
        raise MissingWeightsError(
            f"{name} cannot be loaded: {error}. Set TRICKNET_MODELS to a folder that has it, or unset it and run "
            "scripts/download_model.sh in the project's folder."
        ) from None
    own = place / "labels.txt"
    labels = Labels(own) if own.exists() else None
    return Classifier(place / "deploy.prototxt", weights, logits, mean, name, labels)
