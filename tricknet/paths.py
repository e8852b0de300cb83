"""Where the project keeps its networks and its tables of measurements."""

import os
from pathlib import Path


def models_folder() -> Path:
    """The folder with one sub-folder a network: `models/` in the project, or $TRICKNET_MODELS."""
    default = Path(__file__).resolve().parent.parent / "models"
    return Path(os.environ.get("TRICKNET_MODELS") or default)


def tables_folder() -> Path:
    """The folder of committed measurements, one CSV file each: `benchmarks/tables/` in the project."""
    return Path(__file__).resolve().parent.parent / "benchmarks" / "tables"
