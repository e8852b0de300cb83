"""The pictures on the first page: docs/lessons/NN.jpg, each cut out of a figure that the lesson has stored.

thumbnails.py [NN ...]        all lessons, or these. `make index` does this, and then lists them
"""

import base64
import io
import json
import sys
from pathlib import Path

from PIL import Image, ImageOps

from tricknet.paths import DOCS, NOTEBOOKS, ROOT

FOLDER = DOCS / "lessons"
SIZE = (288, 144)
# Which of a lesson's figures, and where to cut: (number, (left, top, width)). Else: all of the first one's width.
CUTS = {
    "01": (0, (0, 23, 912)),
    "02": (6, (620, 60, 300)),
    "03": (0, (466, 6, 464)),
    "04": (4, (0, 42, 464)),
    "05": (8, (0, 42, 912)),
    "06": (1, (0, 23, 912)),
    "07": (0, (0, 0, 1142)),
    "08": (1, (372, 27, 360)),
    "09": (0, (100, 44, 510)),
    "10": (0, (20, 40, 400)),
    "11": (0, (256, 275, 248)),
    "12": (0, (60, 165, 360)),
    "13": (0, (2, 46, 396)),
    "14": (1, (0, 42, 294)),
    "15": (0, (0, 0, 460)),
}


def figures(lesson: Path) -> list[Image.Image]:
    """A lesson's stored pictures, in their order."""
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    stored = [output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", ())]
    return [Image.open(io.BytesIO(base64.b64decode("".join(png)))).convert("RGB") for png in stored if png]


def thumbnail(lesson: Path) -> Image.Image:
    """A lesson's picture for the first page."""
    pictures = figures(lesson)
    if lesson.name[:2] not in CUTS:
        return ImageOps.fit(pictures[0], SIZE)
    number, (left, top, width) = CUTS[lesson.name[:2]]
    height = width * SIZE[1] // SIZE[0]
    return ImageOps.fit(pictures[number].crop((left, top, left + width, top + height)), SIZE)


def main() -> int:
    """The command line. Returns the exit status."""
    FOLDER.mkdir(exist_ok=True)
    for lesson in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")):
        if not sys.argv[1:] or lesson.name[:2] in sys.argv[1:]:
            path = FOLDER / f"{lesson.name[:2]}.jpg"
            thumbnail(lesson).save(path, quality=60, optimize=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
