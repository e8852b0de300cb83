"""Evidence for The world."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from evidence.cases import main
from evidence.report import count, median, tabulate
from lessons.world import table
from tricknet import Classifier, images, load, trick
from tricknet.arrays import Picture
from tricknet.attacks.gradients import averaged
from tricknet.attacks.result import Change
from tricknet.attacks.steps import walk
from tricknet.counting import Row

ZOOMS = (50, 67, 75, 80, 90, 110, 125, 150, 175, 200)  # percent
WINDOWS = np.random.default_rng(0).integers((1000, 600), (1921, 1081), (20, 2))  # pixels of the screen: width, height
CORNER = "img { position: fixed; inset: 0 auto auto 0; margin: 0 }"


def make_tricks(model: Classifier) -> dict[str, Change]:
    """The page's two pandas on their way to a vulture, by recipe."""
    sturdy = walk((panda := images.load("panda"))[None], averaged(model, ["vulture"], copies=2), epsilon=8, steps=30)[0]
    return {"small": trick(model, panda, "vulture", epsilon=2), "sturdy": Change(panda, sturdy)}


def take_screenshots(picture: Picture) -> Iterator[tuple[Row, Picture]]:
    """What Chromium shows of a PNG file: in a page's corner, and alone in each of WINDOWS, at each of ZOOMS."""
    from playwright.sync_api import sync_playwright  # no reader of the lessons needs it

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = images.save(picture, Path(folder, "picture.png"))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        version = f"Chromium {browser.version.split('.')[0]}"
        for zoom, (place, (width, height)) in product(ZOOMS, enumerate([WINDOWS[0], *WINDOWS])):
            wide, high = (round(100 * side / zoom) for side in (width, height))
            page = browser.new_page(viewport={"width": wide, "height": high}, device_scale_factor=zoom / 100)
            page.goto(file.as_uri())
            if not place:
                page.add_style_tag(content=CORNER)
            row = {"browser": version, "zoom": zoom, "place": f"{width} x {height}" if place else "corner"}
            yield row, images.load(io.BytesIO(page.locator("img").screenshot()))
            page.close()
        browser.close()


def zoom_all() -> Iterator[Row]:
    """What GoogLeNet says about each screenshot, and how much of the trick is left in it."""
    model = load("GoogLeNet")
    untouched = [*take_screenshots(images.load("panda"))]
    for how, change in make_tricks(model).items():
        for (row, plain), (_, shot) in zip(untouched, [*take_screenshots(change.after)], strict=True):
            whole, left = (one.perturbation.ravel().astype(float) for one in (change, Change(plain, shot)))
            names = (one.best.name for one in model.predict([plain, shot]))
            said = dict(zip(("untouched", "answer"), names, strict=True))
            yield row | {"how": how, "left": round(whole @ left / (whole @ whole), 3)} | said


def make_tables() -> list[str]:
    rows = [row | {"in a corner": row["place"] == "corner"} for row in table("zooms")]
    cells = {"vultures": count("answer", "vulture"), "pandas": count("untouched", "giant panda")}
    return [tabulate(rows, ["how", "in a corner", "zoom"], cells | {"left": median("left", 2)})]


if __name__ == "__main__":
    main(table, {"zooms": zoom_all}, make_tables)
