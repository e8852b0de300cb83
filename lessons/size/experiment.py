"""Is it size? A linear classifier on pictures of one pixel to a thousand, and the epsilon that fools half of them.

    python -m lessons.size.experiment

size: "squares" of 32 x 32 pixels of four photographs (whose square is it?), where more pixels buy next to nothing, and
"clothes" (Fashion-MNIST), where they buy accuracy. Each is shrunk, and logistic regression trained at each size. Its
penalty on squared weights is set by scikit-learn's C, and freedom is C times the pixels, so that the same weights
spread over more pixels cost the same; where freedom equals pixels, C is 1, scikit-learn's own. Each of five seeds draws
its own pictures: 462 squares or 4000 clothes to train on, 200 or 2000 to choose by ("chosen": right among those), 200
or 2000 held out ("right"). "epsilon" fools half of the held-out pictures that were classified correctly: exactly, by
lesson 4's formula, if pictures may leave 0..255. Squares lie side by side in their photographs, so their accuracy
flatters; it flatters all sizes alike.

Takes half an hour on one quiet core. Ctrl-C keeps what is done.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lessons.size import linear, table
from tricknet.cases import main, measure
from tricknet.evidence import Row
from tricknet.report import grouped, mean

SEEDS = range(5)
FREEDOMS = tuple(4.0**k for k in (-2, 0, 1, 2, 3, 4, 5, 6, 8))


class Setting(NamedTuple):
    task: str
    seed: int
    pixels: int


def size(setting: Setting) -> list[Row]:
    """One size of one seed, at every freedom."""
    side = round(setting.pixels**0.5)
    train, choose, test = ((linear.smaller(x, side), y) for x, y in linear.draw(setting.task, setting.seed))
    rows = []
    for freedom in sorted({*FREEDOMS, setting.pixels}):
        weights, constants = linear.fit(*train, C=freedom / setting.pixels)
        chosen, epsilons = (linear.smallest_epsilon(weights, constants, *part) for part in (choose, test))
        right = epsilons > 0
        numbers = {"chosen": int((chosen > 0).sum()), "right": int(right.sum()), "n": len(right)}
        rows.append({"freedom": freedom, **numbers, "epsilon": round(float(np.median(epsilons[right])), 3)})
    return rows


def settings() -> Iterable[Setting]:
    return [Setting(task, seed, side**2) for task, sides in linear.SIDES.items() for seed in SEEDS for side in sides]


def shown() -> dict[str, list[str]]:
    rows = [row | {"accuracy": 100 * row["right"] / row["n"]} for row in table("size")]
    cells = {"right, %": mean("accuracy", 1), "epsilon": mean("epsilon", 1)}
    best = {
        tuple(row[key] for key in Setting._fields): row
        for row in sorted(rows, key=lambda row: (row["chosen"], -row["freedom"]))
    }
    chosen = [best[setting] for setting in settings()]
    return {
        "size": [
            grouped(rows, ["task", "freedom", "pixels"], cells),
            "At the freedom that is best on each seed's pictures to choose by (the smallest, if several tie):",
            grouped(chosen, ["task", "pixels"], cells),
        ]
    }


if __name__ == "__main__":
    main(__doc__, table, {"size": lambda: measure(table, "size", settings(), size)}, shown)
