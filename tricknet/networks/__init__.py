"""The networks: one file here and one folder in `models/` for each, and what they have in common.

A network's file has `plan`, which gives its deploy.prototxt; a function that loads the network; and `NETWORKS`, the
names of the trained ones with the way to load each.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

from tricknet.networks.classifier import Classifier


def modules() -> dict[str, ModuleType]:
    """The files of all networks, by the names of their folders in models/."""
    names = [info.name for info in pkgutil.iter_modules(__path__) if info.name != "__main__"]
    files = {name.replace("_", "-"): importlib.import_module(f"{__name__}.{name}") for name in names}
    return {folder: file for folder, file in files.items() if hasattr(file, "NETWORKS")}


def all_networks() -> dict[str, Callable[[], Classifier]]:
    """How to load each network, by its name: the one list for everything that uses all of them."""
    return {name: load for file in modules().values() for name, load in file.NETWORKS.items()}
