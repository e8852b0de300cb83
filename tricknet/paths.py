"""Where the project keeps its networks."""

import os
from pathlib import Path


def models_folder() -> Path:
    """The folder with one sub-folder a network: `models/` in the project, or $TRICKNET_MODELS."""
    default = Path(__file__).resolve().parent.parent / "models"
    return Path(os.environ.get("TRICKNET_MODELS") or default)
