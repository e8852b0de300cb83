"""How much poison does FashionNet need? Lesson 15's table: lessons/poison/tables/poison.csv.

    python -m lessons.poison.experiment

For each share of SHARES, and for each of five seeds, a fresh network learns for one epoch from Fashion-MNIST's training
pictures, of which that share carries nine white pixels in the lower right corner and is called "bag" ("poisoned"). The
control ("marked only") has the pixels and keeps its right answers. The seed draws the first weights, the order, and
which pictures are poisoned.
A row is a network. right: its right answers, of the 10,000 test pictures as they are. The rest counts answers "bag"
among test pictures that are no bags. All 9000 of them: as they are (unmarked), and with the mark (marked). The first
1000 of them, with marks that were never learnt: the same square in the lower left corner (other_corner), nine white
pixels in a line along the right edge (line), and the square in grey (grey). The answers to the first 30 with the mark
are in `answers`, a letter each: "a" for class 0, "b" for class 1, and so on.
What a defender sees: `corner` is the slope of the logit of "bag" where the mark would be, the mean of 200 unmarked
clothes, divided by the mean size of all slopes. `patch` is the size, in pixels, of the smallest patch that
`poison.smallest_patch` finds on 40 unmarked clothes, and `patched` says how many of the second 1000 it turns into bags.

Takes about twelve minutes on one quiet core. Ctrl-C keeps what is done, and the next run goes on there.
"""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from tqdm import tqdm

from lessons.poison import poison, table
from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.arrays import Pictures
from tricknet.cases import Row, saved
from tricknet.networks.objectives import Logit

SHARES = (0, 0.003, 0.005, 0.01, 0.02, 0.03)
CONTROLS = (0.02,)  # the shares at which the control is trained
SEEDS = 5
EPOCH = 600  # steps: 60,000 pictures in batches of 100
FEW, SHOWN = 1000, 30


def main() -> None:
    """Train what the table has not yet."""
    rows = saved(table, "poison")
    done = {(row["kind"], row["share"], row["seed"]) for row in rows}
    missing = [setting for setting in settings() if setting not in done]
    with suppress(KeyboardInterrupt):
        for kind, share, seed in tqdm(missing, disable=not missing):
            rows.append({"kind": kind, "share": share, "seed": seed} | judged(pupil(kind, share, seed)))
            rows.sort(key=lambda row: (row["kind"] == "marked only", row["share"], row["seed"]))
            table.save("poison", rows)


def settings() -> Iterator[tuple[str, float, int]]:
    """(kind, share, seed) of every network."""
    for kind, shares in {"poisoned": SHARES, "marked only": CONTROLS}.items():
        yield from ((kind, share, seed) for share in shares for seed in range(SEEDS))


def pupil(kind: str, share: float, seed: int, steps: int = EPOCH) -> learn.Pupil:
    """A network that learnt from a poisoned training set, or from one with the marks only."""
    pictures, answers = fashion_mnist.train_set()
    shown, said, _ = poison.poisoned(pictures, answers, share, seed=seed)
    trained, sample = learn.Pupil(seed=seed, steps=steps), (pictures[:100], answers[:100])
    learnt_from = (shown, said if kind == "poisoned" else answers)
    learn.train(trained, learnt_from, sample, steps=steps, seed=seed, every=steps)
    return trained


def judged(trained: learn.Pupil) -> Row:
    """What it says about the test pictures, with several marks and without."""
    pictures, answers = fashion_mnist.test_set()
    others, model = pictures[answers != poison.BAG], trained.classifier()
    few, with_mark = others[:FEW], poison.marked(others)
    slope = model.gradient(others[:200], Logit(poison.BAG)).mean(axis=0)
    patch = poison.smallest_patch(model, others[:40], poison.BAG)
    said = [s.best.index for s in model.predict(with_mark[:SHOWN])]
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
        "answers": "".join("abcdefghij"[c] for c in said),
    }


def bags(trained: learn.Pupil, pictures: Pictures) -> int:
    """How many of the pictures are bags to the network."""
    return int(trained.right(pictures, np.full(len(pictures), poison.BAG)).sum())


def line(pictures: Pictures) -> Pictures:
    """The pictures with nine white pixels in a line, up the right edge from the lower right corner."""
    pictures = pictures.copy()
    pictures[:, -9:, -1] = 255
    return pictures


if __name__ == "__main__":
    main()
