"""Where the project keeps things: every folder that the library reads or writes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # the project's folder
DOCS, NOTEBOOKS = ROOT / "docs", ROOT / "notebooks"
IMAGES_FOLDER = Path(os.environ.get("TRICKNET_IMAGES") or ROOT / "images")  # the reader's pictures
EVIDENCE_FOLDER, STICKERS_FOLDER, ATLAS_FOLDER = (ROOT / "images" / name for name in ("evidence", "stickers", "atlas"))


def models_folder() -> Path:
    """The folder with one sub-folder per network: `models/` in the project, or $TRICKNET_MODELS."""
    return Path(os.environ.get("TRICKNET_MODELS") or ROOT / "models")
