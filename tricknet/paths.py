"""Where the project keeps things: every folder that the library reads or writes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # the project's folder
TABLES_FOLDER = ROOT / "evidence" / "tables"  # a folder for each lesson that has measurements
DOCS, MODELS, NOTEBOOKS = ROOT / "docs", ROOT / "models", ROOT / "notebooks"  # models/ has a folder for each network
IMAGES_FOLDER = Path(os.environ.get("TRICKNET_IMAGES") or ROOT / "images")  # the reader's pictures
EVIDENCE_FOLDER, STICKERS_FOLDER, ATLAS_FOLDER = (ROOT / "images" / name for name in ("evidence", "stickers", "atlas"))
