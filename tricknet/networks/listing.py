"""Which networks there are: the files of this folder that have one in models/ to belong to."""

import importlib
import pkgutil
import sys
from types import ModuleType


def module(folder: str) -> ModuleType:
    """The file of the network that has this folder in models/. Raises ImportError if there is none."""
    return importlib.import_module(f"{__package__}.{folder.replace('-', '_')}")


def modules() -> dict[str, ModuleType]:
    """The files of all networks, by the names of their folders in models/."""
    package = sys.modules[__package__].__path__
    folders = [info.name.replace("_", "-") for info in pkgutil.iter_modules(package) if info.name != "__main__"]
    found = {folder: module(folder) for folder in folders}
    return {folder: file for folder, file in found.items() if hasattr(file, "NETWORKS")}
