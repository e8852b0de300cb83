"""Draw the README's pictures again: docs/panda-to-vulture.png, docs/pandas.png and docs/vultures.png.

(screenshots.py draws the lab.) About three minutes. tests/plots/test_pictures.py checks the captions.
"""

from dataclasses import replace

import numpy as np

import tricknet
from tricknet import Classifier, Trick, images, plots
from tricknet.attacks.paint import paint
from tricknet.attacks.steps import METHODS, constant
from tricknet.paths import DOCS
from tricknet.progress import bar

EVERY = 32  # every 32nd class, from number 16 on: 31 targets, chosen by counting and not by looking


def pandas(model: Classifier) -> plots.Sheet:
    """The wall: the panda as every 32nd class, whether it worked or not, and among them the untouched photograph."""
    panda = images.example("panda")
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


def panda_to_vulture(model: Classifier) -> Trick:
    """The walk of lesson 3: small steps of one length along the sign."""
    quarter = replace(METHODS["sign"], reach=1 / 8, size=constant)  # of a pixel value, at an epsilon of 2
    return tricknet.trick(model, images.example("panda"), "vulture", epsilon=2, steps=20, method=quarter)


def vultures(model: Classifier) -> plots.Sheet:
    """The first figure of lesson 16: the panda, a vulture that nobody sees, and one that anybody can see."""
    panda = images.example("panda")
    pictures = [panda, tricknet.trick(model, panda, "vulture").after, paint(model, panda, "vulture").after]
    return plots.show(pictures, model.predict(np.stack(pictures)))


def main() -> None:
    model = tricknet.GoogLeNet()
    drawn = {
        "panda-to-vulture.png": plots.animate(panda_to_vulture(model), frames=8),
        "pandas.png": pandas(model),
        "vultures.png": vultures(model),
    }
    for name, sheet in drawn.items():
        print(f"docs/{name}: {sheet.save(DOCS / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
