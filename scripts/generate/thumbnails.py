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
# What tells most: two of a figure's pictures, or a part of a chart (left, top, right and bottom, as shares of it).
DETAILS: dict[str, tuple[float, ...]] = {
    "08-does-it-survive": (0.11, 0.21, 0.784, 0.78),
    "how-we-count": (0.116, 0.247, 0.733, 0.742),
    "is-it-size": (0, 21),
    "what-is-still-open": (0.394, 0.725, 0.77, 0.945),
}


def figure(lesson: Path) -> bytes:
    """The stored PNG that stands for a lesson."""
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    cells.sort(key=lambda cell: "card" not in cell["metadata"].get("tags", []))  # and otherwise as they were
    stored = (output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", ()))
    return base64.b64decode("".join(next(filter(None, stored))))


def thumbnail(lesson: Path) -> Image.Image:
    """A picture for the first page: of several pictures on a lesson's figure the first and the last, or its detail."""
    content, detail = figure(lesson), DETAILS.get(lesson.stem, (0, -1))
    try:
        pictures = [Image.fromarray(picture) for picture, _ in read_back(content)]
    except ValueError:  # a chart
        chart = Image.open(io.BytesIO(content)).convert("RGB")
        left, top, right, bottom = (share * side for share, side in zip(detail, chart.size * 2, strict=True))
        return ImageOps.fit(chart.crop((round(left), round(top), round(right), round(bottom))), SIZE)
    if len(pictures) == 1:
        return ImageOps.fit(pictures[0], SIZE)
    card, side = Image.new("RGB", SIZE), SIZE[1]
    for left, number in zip((0, side), detail, strict=True):
        kind = Image.Resampling.NEAREST if pictures[int(number)].width < side else Image.Resampling.BICUBIC
        card.paste(ImageOps.fit(pictures[int(number)], (side, side), kind), (left, 0))
    return card


if __name__ == "__main__":
    for lesson in sorted(set(NOTEBOOKS.glob("*.ipynb")) - {NOTEBOOKS / "index.ipynb"}):
        thumbnail(lesson).save(FOLDER / f"{lesson.stem}.jpg", quality=60, optimize=True)
    (DOCS / "vultures.png").write_bytes(figure(NOTEBOOKS / "16-a-vulture-you-can-see.ipynb"))
