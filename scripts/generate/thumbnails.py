"""Pictures of the figures that lessons have stored: docs/vultures.png, and the first page's docs/lessons/LESSON.jpg.

`make index` does this, and then lists them. The figure is that of the cell tagged `card`, or else the lesson's first.
"""

import base64
import io
import json
from pathlib import Path

from PIL import Image, ImageOps

from tricknet.paths import DOCS, NOTEBOOKS
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
    """A picture for the first page: the first and the last of the pictures on a lesson's figure, or its chart."""
    content = figure(lesson)
    try:
        pictures = [Image.fromarray(picture) for picture, _ in read_back(content)]
    except ValueError:  # a chart
        pictures = [Image.open(io.BytesIO(content)).convert("RGB")]
    if len(pictures) == 1:
        return ImageOps.fit(pictures[0], SIZE)
    card, side = Image.new("RGB", SIZE), SIZE[1]
    for left, picture in ((0, pictures[0]), (side, pictures[-1])):
        kind = Image.Resampling.NEAREST if picture.width < side else Image.Resampling.BICUBIC
        card.paste(ImageOps.fit(picture, (side, side), kind), (left, 0))
    return card


if __name__ == "__main__":
    for lesson in sorted(set(NOTEBOOKS.glob("*.ipynb")) - {NOTEBOOKS / "index.ipynb"}):
        thumbnail(lesson).save(FOLDER / f"{lesson.stem}.jpg", quality=60, optimize=True)
    (DOCS / "vultures.png").write_bytes(figure(NOTEBOOKS / "16-a-vulture-you-can-see.ipynb"))
