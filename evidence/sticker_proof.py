"""Evidence for A proof against stickers.

Fixed before anything was measured: five seeds, the first 1000 test pictures, and for the attack the first 60 of them
that the network gets right. A picture falls if it was right and, with the patch on it, isn't.
"""

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import median, tabulate, total
from lessons.sticker_proof import bands, table
from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.counting import Row

SIDES, STEPS, TRIED, WHOLE = (1, 3, 5, 7), 1000, 60, bands.SIDE


def measure(trained: int, seed: int) -> list[Row]:
    """A network that learnt from bands of one width, and what its votes in bands are worth."""
    (pictures, answers), random = fashion_mnist.train_set(), np.random.default_rng(seed)
    trainee = learn.Trainee(seed=seed, steps=STEPS)
    for some in learn.batches(len(pictures), STEPS, random):  # the page's loop
        trainee.learn(bands.seen(pictures[some], random.integers(28, size=len(some)), trained), answers[some])
    model, (pictures, answers) = trainee.classifier(), fashion_mnist.test_set(1000)
    marked, rows = pictures.copy(), []
    marked[:, -3:, -3:] = 255
    for width in {trained, bands.WIDTH} if trained == WHOLE else {trained}:
        votes, after = (bands.count(bands.ask(model, shown, width)) for shown in (pictures, marked))
        right, falls = votes.argmax(axis=1) == answers, after.argmax(axis=1) != answers
        safe = {side: right & bands.proved(votes, len(bands.touched(0, side, width))) for side in SIDES}
        row = {"width": width, "right": int(right.sum())} | {f"at_{side}": int(safe[side].sum()) for side in SIDES}
        tried = np.flatnonzero(right)[: TRIED if width == trained != 9 else 0]
        fell = [n for n in tried if bands.attack(model, pictures[n], int(answers[n]), width=width) is not None]
        for group, which in (("proved", safe[3]), ("unproved", right & ~safe[3])):
            row |= {f"{group}_right": int(which.sum()), f"{group}_marked": int((which & falls).sum())}
            row |= {f"{group}_tried": int(which[tried].sum()), f"{group}_fell": int(which[fell].sum())}
        rows.append(row)
    return rows


def make_tables() -> list[str]:
    """The tables of the page, in its order. No proved picture falls."""
    rows = table("votes")
    assert not any(row["proved_marked"] + row["proved_fell"] for row in rows)
    shown = {"marked": "right", "fell": "tried"}
    falls = {
        f"{group}, {how}": total(f"{group}_{how}", f"{group}_{n}")
        for group in ("proved", "unproved")
        for how, n in shown.items()
    }
    counts = {name: median(name) for name in ("right", *(f"at_{side}" for side in SIDES))}
    attacked = [row for row in rows if row["trained"] == row["width"] != 9]
    return [tabulate(rows, ["trained", "width"], counts), tabulate(attacked, ["trained"], falls)]


if __name__ == "__main__":
    settings = combine(trained=(bands.WIDTH, WHOLE, 9), seed=range(5))
    main(table, {"votes": lambda: complete(table, "votes", settings, measure)}, make_tables)
