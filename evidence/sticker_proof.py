"""Evidence for A proof against stickers.

Fixed before it ran: five seeds, the first 1000 test pictures, and for the attack the first 30 of them that the network
gets right. A picture falls if it was right and, with the patch on it, isn't.
"""

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import median, tabulate
from lessons.sticker_proof import bands, table
from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.counting import Row

SIDES, STEPS, TRIED, WHOLE, WIDER = (1, 3, 5, 7), 600, 30, bands.SIDE, 9


def measure(trained: int, seed: int) -> list[Row]:
    """A network that learnt from bands of one width, by the page's loop, and what its votes are worth."""
    (pictures, answers), random = fashion_mnist.train_set(), np.random.default_rng(seed)
    trainee = learn.Trainee(seed=seed, steps=STEPS)
    for some in learn.batches(len(pictures), STEPS, random):
        trainee.learn(bands.seen(pictures[some], random.integers(28, size=len(some)), trained), answers[some])
    model, (pictures, answers), rows = trainee.classifier(), fashion_mnist.test_set(1000), []
    marked = pictures.copy()
    marked[:, -3:, -3:] = 255
    for width in {trained, bands.WIDTH} if trained == WHOLE else {trained}:
        votes, after = (bands.count(bands.vote(model, shown, width)) for shown in (pictures, marked))
        right, falls = votes.argmax(axis=1) == answers, after.argmax(axis=1) != answers
        safe = {f"at_{m}": right & bands.proved(votes, len(bands.touched(0, m, width))) for m in SIDES}
        row = {"width": width, "right": int(right.sum())} | {name: int(which.sum()) for name, which in safe.items()}
        tried = np.flatnonzero(right)[: TRIED if width == trained != WIDER else 0]
        fell = [n for n in tried if bands.stick(model, pictures[n], int(answers[n]), width=width) is not None]
        for group, which in (("proved", safe["at_3"]), ("unproved", right & ~safe["at_3"])):
            counts = {"marked": (which & falls).sum(), "tried": which[tried].sum(), "fell": which[fell].sum()}
            row |= {f"{group}_{name}": int(n) for name, n in counts.items()}
        rows.append(row)
    return rows


def make_tables() -> list[str]:
    """The tables of the page, in its order. No proved picture falls."""
    rows = table("votes")
    assert not any(row["proved_marked"] + row["proved_fell"] for row in rows)
    names = [name for name in rows[0] if name not in ("trained", "width", "seed")]
    return [
        tabulate(rows, ["trained", "width"], {name: median(name) for name in part}) for part in (names[:5], names[5:])
    ]


if __name__ == "__main__":
    settings = combine(trained=(bands.WIDTH, WHOLE, WIDER), seed=range(5))
    main(table, {"votes": lambda: complete(table, "votes", settings, measure)}, make_tables)
