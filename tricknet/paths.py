"""Where the project keeps its networks and its tables of measurements."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # the project's folder


def models_folder() -> Path:
    """The folder with one sub-folder a network: `models/` in the project, or $TRICKNET_MODELS."""
    return Path(os.environ.get("TRICKNET_MODELS") or ROOT / "models")


def tables_folder() -> Path:
    """The folder of committed measurements, one CSV file each: `benchmarks/tables/` in the project."""
    return ROOT / "benchmarks" / "tables"
