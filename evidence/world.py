"""Evidence for The world."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from evidence.cases import main
from evidence.report import Said, tabulate, total
from lessons.world import table
from tricknet import Classifier, images, load, trick
from tricknet.arrays import Picture
from tricknet.attacks.gradients import averaged
from tricknet.attacks.result import Change, added
from tricknet.attacks.steps import walk
from tricknet.counting import Row

ZOOMS = (50, 67, 75, 80, 90, 110, 125, 150, 175, 200)  # percent
CROPS = 20  # of each screenshot
HALVES = "strokes zoomed", "panda zoomed"  # only one of them, and the other as in the file


def make_tricks(model: Classifier) -> dict[str, Change]:
    """The page's two pandas on their way to a vulture, by recipe."""
    sturdy = walk((panda := images.load("panda"))[None], averaged(model, ["vulture"], copies=2), epsilon=8, steps=30)[0]
    return {"small": trick(model, panda, "vulture", epsilon=2), "sturdy": Change(panda, sturdy)}


def take_screenshots(picture: Picture) -> Iterator[tuple[str, bytes]]:
    """What Chromium shows at each of ZOOMS, as PNG files, each after the browser's version."""
    from playwright.sync_api import sync_playwright  # no reader of the lessons needs it

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = images.save(picture, Path(folder, "picture.png"))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        for zoom in ZOOMS:
            page = browser.new_page(device_scale_factor=zoom / 100)
            page.goto(file.as_uri())
            yield f"Chromium {browser.version.split('.')[0]}", page.locator("img").screenshot()
            page.close()
        browser.close()


def read(png: bytes) -> Picture:
    """A screenshot as a network gets it."""
    return images.load(io.BytesIO(png))


def crop_by_hand(png: bytes, seed: int) -> list[Picture]:
    """A screenshot cropped CROPS times, each edge off by up to one pixel: inwards, or outwards into the dark frame."""
    wide = np.pad(np.array(Image.open(io.BytesIO(png)).convert("RGB")), ((1, 1), (1, 1), (0, 0)), constant_values=14)
    edges = np.random.default_rng(seed).integers(0, 3, (CROPS, 4))
    return [read(images.png(wide[top : len(wide) - low, left : len(wide) - right])) for top, low, left, right in edges]


def zoom_all() -> Iterator[Row]:
    """What GoogLeNet says about each screenshot, about the halves of what a zoom does, and about crops by hand."""
    model = load("GoogLeNet")
    for how, change in make_tricks(model).items():
        shots = zip(ZOOMS, [*take_screenshots(change.before)], [*take_screenshots(change.after)], strict=True)
        for zoom, (_, plain), (browser, shot) in shots:
            rest = Change(read(plain), read(shot))
            whole, left = (one.perturbation.ravel().astype(float) for one in (change, rest))
            row = {"browser": browser, "how": how, "zoom": zoom, "left": round(whole @ left / (whole @ whole), 3)}
            halves = [added(change.before, rest.perturbation), added(rest.before, change.perturbation)]
            names = (one.best.name for one in model.predict([rest.before, rest.after, *halves]))
            row |= dict(zip(("untouched", "answer", *HALVES), names, strict=True))
            crops = [one.best.name for one in model.predict(crop_by_hand(shot, seed=zoom))]
            yield row | {"crops": crops.count("vulture")}


def make_tables() -> list[str]:
    """The tables of the page, in its order. Only the crops are random, so the answers have no interval."""
    tell = {name: lambda rows, name=name: Said(str(rows[0][name])) for name in ("left", "untouched", "answer", *HALVES)}
    return [tabulate(table("zooms"), ["browser", "how", "zoom"], tell | {"crops": total("crops", CROPS)})]


if __name__ == "__main__":
    main(table, {"zooms": zoom_all}, make_tables)
