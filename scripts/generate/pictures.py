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
from PIL import Image, ImageOps

import tricknet
from tools.browser import browser, jupyter, open_cell
from tricknet import Classifier, Prediction, images, plots
from tricknet.attacks.steps import METHODS, constant
from tricknet.paths import DOCS
from tricknet.plots.charts import draw_steps, leading, new_axes, settled
from tricknet.plots.pictures import beside
from tricknet.plots.sheet import lay
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
    """The walk of lesson 3, in small steps of one length along the sign: nine frames, and the curves up to each."""
    quarter = replace(METHODS["sign"], reach=1 / 8, size=constant)  # of a pixel value, at an epsilon of 2
    walk = tricknet.trick(model, images.load("panda"), "vulture", epsilon=2, steps=20, method=quarter)
    classes, papers, boxes = leading(walk.history, 3), [], []
    end = settled(walk.history, classes)
    for step in np.linspace(0, end, 9).astype(int):
        caption = f"step {step}\n{Prediction(walk.history[step], model.labels)}"
        paper, places = lay([walk.frames[step]], [caption], columns=2)
        figure, ((ax,),) = new_axes(paper.height / 100, width=4.4)
        draw_steps(ax, walk.history[: end + 1], classes, model.labels)
        for pale in list(ax.get_lines()):
            pale.set_alpha(0.25)
            xs, ys, colour = pale.get_xdata()[: step + 1], pale.get_ydata()[: step + 1], pale.get_color()
            ax.plot(xs, ys, color=colour, linewidth=2)
            ax.plot(xs[-1:], ys[-1:], "o", color=colour, clip_on=False)
        papers.append(beside(paper, figure))
        boxes.append(places)
    return plots.Sheet(papers, boxes, f"Animation: {walk!r}", pauses=[1500, *[350] * 7, 2500], by=model)


def lab(_: Classifier) -> plots.Sheet:
    """Lesson 7's lab as the browser draws it, after it has turned the panda into a vulture."""
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
    return plots.Sheet([ImageOps.expand(screen, MARGIN, "white")], [[box]], "The lab")


def main() -> None:
    model = tricknet.load("GoogLeNet")
    for draw in (panda_to_vulture, pandas, lab):
        name = draw.__name__.replace("_", "-")
        if not sys.argv[1:] or name in sys.argv[1:]:
            print(f"docs/{name}.png: {draw(model).save(DOCS / f'{name}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
