"""The networks: one file here and one folder in `models/` for each, and what they have in common.

A network's file has `plan`, which gives its deploy.prototxt; `read`, if a Python package carries its weights, which
takes them out of it; a function that loads the network; and `NETWORKS`, the names of the trained ones with the way to
load each. When it is imported it needs nothing but this folder: the image makes the weights where nothing else is.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tricknet.networks.listing import modules
from tricknet.networks.mean import MEAN

if TYPE_CHECKING:
    from tricknet.networks.classifier import Classifier


def all_networks() -> dict[str, "Callable[[], Classifier]"]:
    """How to load each network, by its name: the one list that everything reads which means all of them."""
    return {name: load for file in modules().values() for name, load in file.NETWORKS.items()}


def load(
    folder: str, name: str, logits: str, *, mean: Sequence[float] = MEAN, weights: Path | None = None
) -> "Classifier":
    """The network of a folder in models/: its deploy.prototxt, the weights that its weights.txt names, and its labels.

    weights: other weights. logits, mean: as for Classifier. A folder without a labels.txt means ImageNet's labels.

    Raises MissingWeightsError and WeightsError as Classifier does.
    """
    from tricknet.networks.classifier import Classifier, MissingWeightsError
    from tricknet.networks.download import DownloadError, Wanted
    from tricknet.networks.labels import Labels
    from tricknet.paths import models_folder

    place = models_folder() / folder
    try:
        weights = weights or Wanted(folder).path
    except DownloadError as error:
        raise MissingWeightsError(
            f"{name} cannot be loaded: {error}. Set TRICKNET_MODELS to a folder that has it, or unset it and run "
            "scripts/download_model.sh in the project's folder."
        ) from None
    own = place / "labels.txt"
    labels = Labels(own) if own.exists() else None
    return Classifier(place / "deploy.prototxt", weights, logits, mean, name, labels)
