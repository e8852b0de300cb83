"""Pictures of the figures that lessons have stored: docs/vultures.png, and the first page's docs/lessons/LESSON.jpg.

`make index` does this, and then lists them. The figure is that of the cell tagged `card`, or else the lesson's first.
"""

import base64
import io
import json

from PIL import Image, ImageOps

from lessons.course import LESSONS, Lesson
from tricknet.paths import DOCS
from tricknet.plots import read_back

FOLDER = DOCS / "lessons"
CARD = (288, 144)
LEADS = "visible-vulture"  # the lesson whose figure is docs/vultures.png


def figure(lesson: Lesson) -> bytes:
    """The stored PNG that stands for a lesson."""
    cells = json.loads(lesson.notebook.read_text(encoding="utf-8"))["cells"]
    cells.sort(key=lambda cell: "card" not in cell["metadata"].get("tags", []))  # and otherwise as they were
    stored = (output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", ()))
    return base64.b64decode("".join(next(filter(None, stored))))


def thumbnail(lesson: Lesson) -> Image.Image:
    """A picture for the first page, of a lesson's figure: two of its pictures, or a part of a chart."""
    content, detail = figure(lesson), lesson.card
    try:
        pictures = [Image.fromarray(picture) for picture, _ in read_back(content)]
    except ValueError:  # a chart
        chart = Image.open(io.BytesIO(content)).convert("RGB")
        left, top, right, bottom = (share * side for share, side in zip(detail, chart.size * 2, strict=True))
        return ImageOps.fit(chart.crop((round(left), round(top), round(right), round(bottom))), CARD)
    if len(pictures) == 1:
        return ImageOps.fit(pictures[0], CARD)
    card, side = Image.new("RGB", CARD), CARD[1]
    for left, number in zip((0, side), detail, strict=True):
        kind = Image.Resampling.NEAREST if pictures[int(number)].width < side else Image.Resampling.BICUBIC
        card.paste(ImageOps.fit(pictures[int(number)], (side, side), kind), (left, 0))
    return card


if __name__ == "__main__":
    assert any(lesson.slug == LEADS for lesson in LESSONS), f"{LEADS} is the slug of a lesson no longer"
    for lesson in LESSONS:
        thumbnail(lesson).save(FOLDER / f"{lesson.stem}.jpg", quality=60, optimize=True)
        if lesson.slug == LEADS:
            (DOCS / "vultures.png").write_bytes(figure(lesson))
