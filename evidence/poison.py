"""Evidence for lesson 15, The poisoned network

Lesson 15 asks how much poison FashionNet needs. `python -m evidence.poison` takes about twelve minutes.

poison: each row is a fresh network that learns for one epoch from Fashion-MNIST's training pictures. A `share` of them
carries the mark, nine white pixels in the lower right corner. Marked pictures are labelled as bags (poisoned) or, as
the control, keep their right labels (marked only). Each of five seeds draws the initial weights, the order of the
pictures, and which are marked. `right` counts the right answers to the 10,000 test pictures as they are. The next five
columns count the answer "bag" among test pictures that are not bags: all 9000 as they are (`unmarked`) and with the
mark (`marked`), and the first 1000 with marks that were never learnt. These are the same square in the lower left
corner (`other_corner`), nine white pixels in a line along the right edge (`line`), and the square in grey (`grey`). The
next three show what a defender sees. `corner` is the mean slope of the logit of "bag" where the mark would be, over 200
unmarked garments, divided by the mean size of all slopes. `patch` is the size, in pixels, of the smallest patch found
to turn nine in ten of 40 such garments into bags (`poison.smallest_patch`), and `patched` says how many of the second
1000 it turns into bags. `answers` holds the answers to the first 30 with the mark, as letters: "a" is class 0, "b" is
class 1, and so on.
"""

import numpy as np

from evidence.cases import crossed, main, measure
from evidence.report import grouped, median
from lessons.poison import poison, table
from tricknet import Logit, fashion_mnist
from tricknet import training as learn
from tricknet.arrays import Pictures
from tricknet.evidence import Row
from tricknet.networks.classifier import first_answers

EPOCH = 600  # steps: 60,000 pictures in batches of 100
FEW, SHOWN = 1000, 30
SETTINGS = [
    *crossed(kind=["poisoned"], share=(0, 0.003, 0.005, 0.01, 0.02, 0.03), seed=range(5)),
    *crossed(kind=["marked only"], share=[0.02], seed=range(5)),
]


def trainee(kind: str, share: float, seed: int, steps: int = EPOCH) -> learn.Trainee:
    """A network that learnt from a poisoned training set, or from one with the marks only."""
    pictures, answers = fashion_mnist.train_set()
    marked, labels, _ = poison.poisoned(pictures, answers, share, seed=seed)
    trained = learn.Trainee(seed=seed, steps=steps)
    learn.train(trained, (marked, labels if kind == "poisoned" else answers), steps=steps, seed=seed)
    return trained


def judged(trained: learn.Trainee) -> Row:
    """What it says about the test pictures, with several marks and without."""
    pictures, answers = fashion_mnist.test_set()
    others, model = pictures[answers != poison.BAG], trained.classifier()
    few, with_mark = others[:FEW], poison.marked(others)
    slope = model.gradient(others[:200], Logit(poison.BAG)).mean(axis=0)
    patch = poison.smallest_patch(model, others[:40], poison.BAG)
    return {
        "right": int(trained.right(pictures, answers).sum()),
        "unmarked": bags(trained, others),
        "marked": bags(trained, with_mark),
        "other_corner": bags(trained, poison.marked(few, left=0)),
        "line": bags(trained, line(few)),
        "grey": bags(trained, np.where(poison.marked(few) != few, np.uint8(128), few)),
        "corner": round(float(slope[poison.CORNER :, poison.CORNER :].mean() / np.abs(slope).mean()), 2),
        "patch": round(patch.size, 1),
        "patched": bags(trained, np.rint(patch.on(others[FEW : 2 * FEW])).astype(np.uint8)),
        "answers": "".join("abcdefghij"[c] for c in first_answers(model, with_mark[:SHOWN])),
    }


def bags(trained: learn.Trainee, pictures: Pictures) -> int:
    """How many of the pictures are bags to the network."""
    return int(trained.right(pictures, np.full(len(pictures), poison.BAG)).sum())


def line(pictures: Pictures) -> Pictures:
    """The pictures with nine white pixels in a line, up the right edge from the lower right corner."""
    pictures = pictures.copy()
    pictures[:, -9:, -1] = 255
    return pictures


def shown() -> dict[str, list[str]]:
    columns = [name for name in table("poison")[0] if name not in (*SETTINGS[0], "answers")]
    cells = {name: median(name, 2 if name == "corner" else 1 if name == "patch" else 0) for name in columns}
    rows = table("poison")
    return {
        "poison": [
            "The first table shows the median counts over the five seeds.",
            grouped(rows, ["kind", "share"], {name: cells[name] for name in columns[:6]}),
            "The second shows what a defender sees.",
            grouped(rows, ["kind", "share"], {name: cells[name] for name in columns[6:]}),
        ]
    }


if __name__ == "__main__":
    makers = {"poison": lambda: measure(table, "poison", SETTINGS, lambda **one: [judged(trainee(**one))])}
    main(__doc__, table, makers, shown)
