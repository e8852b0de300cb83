"""Draw the README's pictures and the lab's again: docs/panda-to-vulture.png, pandas.png and lab.png.

    python -m scripts.generate.pictures [NAME ...]

About two minutes; the lab needs a browser. tests/plots/test_pictures.py checks the captions.
"""

import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image, ImageOps

import tricknet
from tools.browser import browser, bytes_of, jupyter, open_cell
from tricknet import Classifier, images, plots
from tricknet.attacks.steps import METHODS, constant
from tricknet.paths import DOCS
from tricknet.progress import bar

MARGIN = 16  # white pixels around the lab
EVERY = 32  # every 32nd class, from number 16 on: 31 targets, chosen by counting and not by looking


def pandas(model: Classifier) -> plots.Sheet:
    """The wall: the panda as every 32nd class, whether it worked or not, and among them the untouched photograph."""
    panda = images.load("panda")
    targets = list(range(EVERY // 2, len(model.labels), EVERY))
    found = {model.labels.find("giant panda"): panda}
    found |= {target: tricknet.trick(model, panda, target, steps=20).after for target in bar(targets, desc="targets")}
    pictures = [found[c] for c in sorted(found)]
    said = model.predict(np.stack(pictures))
    captions = [f"{s.best.name}\n{s.best.probability:.1%}" for s in said]
    fooled = sum(said[i].best.index == c for i, c in enumerate(sorted(found)) if c in targets)
    print(f"{fooled} of {len(targets)} targets are the network's first answer.")
    alt = f"{len(pictures)} pictures of the same panda, which look alike. GoogLeNet calls each of them something else."
    return plots.show(pictures, captions, alt, columns=8, size=22)


def panda_to_vulture(model: Classifier) -> plots.Sheet:
    """The walk of lesson 3: small steps of one length along the sign."""
    quarter = replace(METHODS["sign"], reach=1 / 8, size=constant)  # of a pixel value, at an epsilon of 2
    walk = tricknet.trick(model, images.load("panda"), "vulture", epsilon=2, steps=20, method=quarter)
    return plots.animate(walk, frames=8)


def lab(_: Classifier) -> plots.Sheet:
    """Lesson 7's lab as the browser draws it, after it has turned the panda into a vulture."""
    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        widget = open_cell(page, address, "notebooks/07-lab.ipynb", "Lab(").locator(".lab")
        widget.locator("[data-state=ready]").wait_for()
        widget.get_by_role("button", name="Start").click()
        widget.locator("[data-state=done]").wait_for()
        shown = widget.locator("img").all()
        pictures = [images.load(io.BytesIO(bytes_of(image))) for image in shown]
        captions = [image.get_attribute("alt").rpartition(": ")[2] for image in shown]
        screen = Image.open(io.BytesIO(widget.screenshot(animations="disabled"))).convert("RGB")
    paper = ImageOps.expand(screen, MARGIN, "white")
    boxes = [_box(np.asarray(paper), *each) for each in zip(pictures, captions, strict=True)]
    return plots.Sheet([paper], [boxes], "The lab")


def _box(paper: np.ndarray, picture: np.ndarray, caption: str) -> plots.Box:
    """Where the picture lies, pixel for pixel."""
    height, width = picture.shape[:2]
    first_rows = sliding_window_view(paper[: 1 - height], width, axis=1)  # height x width x 3 x the row's pixels
    for top, left in np.argwhere((first_rows == picture[0].T).all(axis=(2, 3))):
        if np.array_equal(paper[top : top + height, left : left + width], picture):
            return plots.Box(int(left), int(top), width, height, 1, caption)
    raise RuntimeError(f"The browser did not draw the picture above {caption!r} pixel for pixel.")


def main() -> None:
    model = tricknet.load("GoogLeNet")
    for draw in (panda_to_vulture, pandas, lab):
        name = draw.__name__.replace("_", "-")
        if not sys.argv[1:] or name in sys.argv[1:]:
            print(f"docs/{name}.png: {draw(model).save(DOCS / f'{name}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
