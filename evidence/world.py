"""Evidence for The world."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evidence.cases import main
from evidence.report import count, tabulate
from lessons.world import table
from tricknet import Classifier, images, load, plots, trick
from tricknet.arrays import Picture
from tricknet.attacks.gradients import averaged
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.paths import DOCS
from tricknet.plots.sheet import enlarged, lay

ZOOMS = (50, 67, 75, 80, 90, 110, 125, 150, 175, 200)  # percent
FACE = np.s_[82:138, 18:74]  # of the panda


def make_pandas(model: Classifier) -> dict[str, Picture]:
    """The page's three pictures."""
    panda = images.load("panda")
    sturdy = walk(panda[None], averaged(model, ["vulture"], copies=2), epsilon=8, steps=30)[0]
    return {"untouched": panda, "small": trick(model, panda, "vulture", epsilon=2).after, "sturdy": sturdy}


def take_screenshots(picture: Picture) -> Iterator[tuple[str, Picture]]:
    """What Chromium shows at each of ZOOMS, as a network gets it, each after the browser's version."""
    from playwright.sync_api import sync_playwright  # no reader of the lessons needs it

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = images.save(picture, Path(folder, "picture.png"))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        for zoom in ZOOMS:
            page = browser.new_page(device_scale_factor=zoom / 100)
            page.goto(file.as_uri())
            shot = page.locator("img").screenshot()
            yield f"Chromium {browser.version.split('.')[0]}", images.load(io.BytesIO(shot))
            page.close()
        browser.close()


def zoom_all() -> Iterator[Row]:
    """What GoogLeNet says about each screenshot."""
    model, views = load("GoogLeNet"), {}
    for name, picture in make_pandas(model).items():
        views[name, "in the file"] = picture
        for zoom, (browser, shot) in zip(ZOOMS, take_screenshots(picture), strict=True):
            views[name, f"at {zoom}%"] = shot
            best = model.predict(shot).best
            fields = {"browser": browser, "picture": name, "zoom": zoom, "answer": best.name}
            yield fields | {"probability": round(best.probability, 3)}
    kinds = ("in the file", "at 50%", "at 110%", "at 200%")
    small, left = [views["small", kind] for kind in kinds], ["what was added", *["what is left of it"] * 3]
    added = [plots.signed((views["small", k] - views["untouched", k].astype(float)).mean(axis=2), 2) for k in kinds]
    captions = [f"{kind}\n{prediction}" for kind, prediction in zip(kinds, model.predict(small), strict=True)]
    paper, _ = lay([enlarged(one[FACE], 4) for one in (*small, *added)], captions + left, columns=4)
    paper.save(DOCS / "zooms.webp", lossless=True)


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    answers = {answer: count("answer", answer) for answer in ("giant panda", "vulture")}
    return [tabulate(table("zooms"), ["browser", "picture"], answers)]


if __name__ == "__main__":
    main(table, {"zooms": zoom_all}, make_tables)
