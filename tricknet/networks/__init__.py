"""The networks: one file here and one folder in `models/` for each, and what they have in common.

A network's file has `prototxt`, which writes its deploy.prototxt, and `TRAINED`, a row for each set of its weights.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType

from tricknet.networks.classifier import Classifier, Trained
from tricknet.networks.labels import Labels
from tricknet.paths import MODELS


def modules() -> dict[str, ModuleType]:
    """The files of all networks, by the names of their folders in models/."""
    names = [info.name for info in pkgutil.iter_modules(__path__) if info.name != "__main__"]
    files = {name.replace("_", "-"): importlib.import_module(f"{__name__}.{name}") for name in names}
    return {folder: file for folder, file in files.items() if hasattr(file, "TRAINED")}


def trained() -> dict[str, tuple[str, Trained]]:
    """The one list of trained networks: by its name, each one's folder in models/, and its row."""
    return {name: (folder, row) for folder, file in modules().items() for name, row in file.TRAINED.items()}


def load(name: str, mean: Sequence[float] | None = None) -> Classifier:
    """A trained network by its name, with its labels: load("GoogLeNet").

    mean: the red, green and blue (pixel values) that it subtracts, if not the ones it was trained with.

    Raises ValueError for a name that is not known, and whatever Labels and Classifier raise.
    """
    if name not in (known := trained()):
        raise ValueError(f'There is no network "{name}". The networks are: {", ".join(known)}.')
    folder, row = known[name]
    labels = MODELS / folder / "labels.txt"
    return Classifier(
        MODELS / folder / "deploy.prototxt",
        MODELS / folder / row.weights,
        row.logits,
        mean=row.mean if mean is None else mean,
        name=name,
        labels=Labels(labels) if labels.exists() else None,  # ImageNet's
    )
