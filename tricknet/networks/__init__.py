"""The networks: one file here and one folder in `models/` for each, and what they have in common.

A network's file has `plan`, which gives its deploy.prototxt; `read`, if a Python package carries its weights, which
takes them out of it; a function that loads the network; and `NETWORKS`, the names of the trained ones with the way to
load each. Importing it needs nothing but this folder: the image makes the weights where there is nothing else.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tricknet.networks.classifier import Classifier


def modules() -> dict[str, ModuleType]:
    """The files of all networks, by the names of their folders in models/."""
    names = [info.name for info in pkgutil.iter_modules(__path__) if info.name != "__main__"]
    files = {name.replace("_", "-"): importlib.import_module(f"{__name__}.{name}") for name in names}
    return {folder: file for folder, file in files.items() if hasattr(file, "NETWORKS")}


def all_networks() -> dict[str, "Callable[[], Classifier]"]:
    """How to load each network, by its name: the one list for everything that uses all of them."""
    return {name: load for file in modules().values() for name, load in file.NETWORKS.items()}
