"""Take docs/lab.png: lesson 7's lab, after it has turned the panda into a vulture.

python -m scripts.generate.screenshots [FILE]
"""

import io
import itertools
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from tests.browser import browser, bytes_of, jupyter, open_cell
from tricknet import images, plots
from tricknet.paths import ROOT

MARGIN = 16  # white pixels around


def lab() -> plots.Sheet:
    """The lab as the browser draws it, and where its exact pictures lie."""
    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        widget = open_cell(page, address, "notebooks/07-the-lab.ipynb", "Lab(").locator(".lab")
        widget.get_by_text("Ready: ").wait_for()
        widget.get_by_role("button", name="Start").click()
        widget.get_by_text("→").wait_for()
        shown = widget.locator("img")
        boxes = [one.bounding_box() for one in (widget, *shown.all())]
        corners = [[box[side] - boxes[0][side] for side in "xy"] for box in boxes[1:]]
        pictures = [images.load(io.BytesIO(bytes_of(image))) for image in shown.all()]
        captions = [one.get_attribute("alt").rpartition(": ")[2] for one in shown.all()]
        screen = Image.open(io.BytesIO(widget.screenshot(animations="disabled"))).convert("RGB")
    paper = ImageOps.expand(screen, MARGIN, "white")
    found = [_box(np.asarray(paper), *each) for each in zip(pictures, corners, captions, strict=True)]
    return plots.Sheet([paper], [found], "The lab")


def _box(paper: np.ndarray, picture: np.ndarray, corner: list[float], caption: str) -> plots.Box:
    """Where the picture lies, pixel for pixel: about where the page says, as the browser draws at whole pixels."""
    height, width = picture.shape[:2]
    about = [round(side) + MARGIN for side in corner]
    for left, top in itertools.product(*(range(side - 1, side + 2) for side in about)):
        if np.array_equal(paper[top : top + height, left : left + width], picture):
            return plots.Box(left, top, width, height, 1, caption)
    raise RuntimeError(f"The browser did not draw the picture above {caption!r} pixel for pixel.")


if __name__ == "__main__":
    lab().save(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "lab.png")
