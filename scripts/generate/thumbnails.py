"""The pictures on the first page: docs/lessons/LESSON.jpg, each made of a figure that the lesson has stored.

thumbnails.py [LESSON ...]    all lessons and pages, or these. `make index` does this, and then lists them

The figure is that of the cell tagged `card`, or else the lesson's first.
"""

import base64
import io
import json
import sys
from pathlib import Path

from PIL import Image, ImageOps

from tricknet.paths import DOCS, NOTEBOOKS, ROOT
from tricknet.plots import read_back

FOLDER = DOCS / "lessons"
SIZE = (288, 144)


def figure(lesson: Path) -> bytes:
    """The stored PNG that stands for a lesson."""
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    cells.sort(key=lambda cell: "card" not in cell["metadata"].get("tags", []))  # and otherwise as they were
    stored = (output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", ()))
    return base64.b64decode("".join(next(filter(None, stored))))


def thumbnail(lesson: Path) -> Image.Image:
    """A lesson's picture for the first page: of several pictures on its figure the first and the last."""
    content = figure(lesson)
    try:
        pictures = [Image.fromarray(picture) for picture, _ in read_back(content)]
    except ValueError:  # a chart, of which nothing is to be cut off
        return ImageOps.pad(Image.open(io.BytesIO(content)).convert("RGB"), SIZE, color="white")
    if len(pictures) == 1:
        return ImageOps.fit(pictures[0], SIZE)
    card, side = Image.new("RGB", SIZE), SIZE[1]
    for left, picture in ((0, pictures[0]), (side, pictures[-1])):
        kind = Image.Resampling.NEAREST if picture.width < side else Image.Resampling.BICUBIC
        card.paste(ImageOps.fit(picture, (side, side), kind), (left, 0))
    return card


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for lesson in sorted(set(NOTEBOOKS.glob("*.ipynb")) - {NOTEBOOKS / "index.ipynb"}):
        if not sys.argv[1:] or lesson.stem in sys.argv[1:]:
            path = FOLDER / f"{lesson.stem}.jpg"
            thumbnail(lesson).save(path, quality=60, optimize=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
