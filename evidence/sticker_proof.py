"""Evidence for A proof against stickers.

Fixed before anything was measured: five seeds, the first 1000 test pictures, and for the attack the first 30 of them
that are right and proved at 3 x 3, and the first 30 that are right and not proved. A picture falls if it was right and,
with the patch on it, isn't.
"""

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import median, tabulate, total
from lessons.sticker_proof import bands, table
from tricknet import Classifier, fashion_mnist
from tricknet import training as learn
from tricknet.counting import Row

SIDES, STEPS, TRIED = (1, 3, 5, 7), 1000, 30
WHOLE = bands.SIDE  # the width of a band that shows everything


def train(width: int, seed: int) -> Classifier:
    """A network that learnt from pictures of which only one band was left, by the page's loop."""
    (pictures, answers), random = fashion_mnist.train_set(), np.random.default_rng(seed)
    trainee = learn.Trainee(seed=seed, steps=STEPS)
    for some in learn.batches(len(pictures), STEPS, random):
        trainee.learn(bands.seen(pictures[some], random.integers(28, size=len(some)), width), answers[some])
    return trainee.classifier()


def judge(model: Classifier, width: int) -> tuple[Row, dict[str, np.ndarray]]:
    """How many of the votes are right and proved, and which at 3 x 3 are proved, which unproved, and which is which."""
    pictures, answers = fashion_mnist.test_set(1000)
    votes = bands.count(bands.ask(model, pictures, width))
    right = votes.argmax(axis=1) == answers
    few = {side: len(bands.touched(0, side, width)) for side in SIDES}
    proved = {f"proved_{side}": right & bands.proved(votes, few[side]) for side in SIDES}
    split = {"proved": proved["proved_3"], "unproved": right & ~proved["proved_3"]}
    return {"right": int(right.sum())} | {name: int(which.sum()) for name, which in proved.items()}, split


def fall(seed: int) -> list[Row]:
    """A network that learnt from bands, and its twin that learnt from whole pictures, under a mark and an attack."""
    pictures, answers = fashion_mnist.test_set(1000)
    marked = pictures.copy()
    marked[:, -3:, -3:] = 255
    masked, plain, rows = train(bands.WIDTH, seed), train(WHOLE, seed), []
    tried = {name: np.flatnonzero(which)[:TRIED] for name, which in judge(masked, bands.WIDTH)[1].items()}
    for name, model, width in (("bands", masked, 5), ("whole, in bands", plain, 5), ("whole", plain, WHOLE)):
        row, split = judge(model, width)
        still = bands.count(bands.ask(model, marked, width)).argmax(axis=1) == answers
        for group, which in split.items():
            row |= {f"{group}_right": int(which.sum()), f"{group}_marked": int((which & ~still).sum())}
            some = [n for n in tried[group] if (split["proved"] | split["unproved"])[n]] if "," not in name else []
            fell = [bands.attack(model, pictures[n], int(answers[n]), width=width) is not None for n in some]
            row |= {f"{group}_tried": len(some), f"{group}_fell": sum(fell)}
        rows.append({"network": name} | row)
    return rows


def make_tables() -> list[str]:
    """The tables of the page, in its order. The proof holds, and each attack takes something from the unproved."""
    rows = table("votes")
    assert not any(row["proved_marked"] + row["proved_fell"] for row in rows if row["network"] == "bands")
    counted = {name: median(name) for name in ("right", *(f"proved_{side}" for side in SIDES))}
    fell = {f"{group}: {how}": total(f"{group}_{how}", f"{group}_{n}") for group in ("proved", "unproved")
            for how, n in (("marked", "right"), ("fell", "tried"))}  # fmt: skip
    return [
        tabulate(rows, ["network"], counted),
        tabulate([row for row in rows if row["network"] == "bands"], ["network"], fell),
        tabulate(table("widths"), ["width"], counted),
    ]


if __name__ == "__main__":
    makers = {
        "votes": lambda: complete(table, "votes", combine(seed=range(5)), fall),
        "widths": lambda: complete(
            table,
            "widths",
            combine(width=(3, 9), seed=range(5)),
            lambda width, seed: [judge(train(width, seed), width)[0]],
        ),
    }
    main(table, makers, make_tables)
