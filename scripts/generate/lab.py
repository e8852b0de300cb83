"""Draw lesson 7's lab as the browser shows it, after it has turned the panda into a vulture: docs/lab.png.

    python -m scripts.generate.lab

tests/plots/test_pictures.py checks the captions.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from tools.browser import browser, jupyter, open_cell
from tricknet import images, plots
from tricknet.paths import DOCS

MARGIN = 16  # white pixels around the lab

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1720, "height": 1400})  # each value is a square of four pixels
        island = open_cell(page, address, "notebooks/07-lab.ipynb", "Lab(").locator(".bench")
        island.locator("[data-state=ready]").wait_for()
        island.get_by_role("button", name="Start").click()
        island.locator("[data-state=done]").wait_for()
        corner, place = island.bounding_box(), island.locator(".held").bounding_box()
        left, top = (round(MARGIN + place[side] - corner[side]) for side in ("x", "y"))
        box = plots.Box(left, top, images.SIZE, images.SIZE, 2, island.locator(".said").inner_text())
        screen = Image.open(io.BytesIO(island.screenshot(animations="disabled"))).convert("RGB")
    plots.Sheet([ImageOps.expand(screen, MARGIN, "white")], [[box]], "The lab").save(DOCS / "lab.png")
