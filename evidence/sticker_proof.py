"""Evidence for A proof against stickers.

Fixed before it ran: five seeds, the first 1000 test pictures, and to attack the first 20 that the vote gets right.
"""

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import median, tabulate
from lessons.sticker_proof import bands, table
from tricknet import fashion_mnist, load
from tricknet import training as learn
from tricknet.counting import Row
from tricknet.networks.classifier import first_answers

SIDES, STEPS, TRIED = (1, 3, 5, 7), 600, 20


def measure(trained: int, seed: int) -> list[Row]:
    """A network that learnt from bands of one width, by the page's loop: what is true of how many pictures."""
    (pictures, answers), random = fashion_mnist.train_set(), np.random.default_rng(seed)
    trainee = learn.Trainee(seed=seed, steps=STEPS)
    for some in learn.batches(len(pictures), STEPS, random):
        trainee.learn(bands.seen(pictures[some], random.integers(28, size=len(some)), trained), answers[some])
    model, (pictures, answers) = trainee.classifier(), fashion_mnist.test_set(1000)
    said, true = bands.vote(model, pictures), {"blank": bands.blank(pictures)}
    true["whole"] = np.equal(first_answers(model, pictures), answers)
    for name, votes in (("", bands.count(said)), ("awake_", bands.count(np.where(true["blank"], -1, said)))):
        right = true[f"{name}right"] = votes.argmax(axis=1) == answers
        true |= {f"{name}at_{m}": right & bands.proved(votes, len(bands.touched(0, m))) for m in SIDES}
    tried = np.flatnonzero(true["right"])[: TRIED if trained == bands.WIDTH else 0]
    for name, height in (("tried", 0), ("patch", 3), ("stripe", 28)):
        falls = [n for n in tried if not height or bands.stick(model, pictures[n], answers[n], height) is not None]
        mine = np.isin(range(len(pictures)), falls)
        true |= {f"{name}_proved": mine & true["at_3"], f"{name}_unproved": mine & ~true["at_3"]}
    groups = {"all": answers >= 0} | {name: answers == n for n, name in enumerate(load("FashionNet plain").labels)}
    true = {"pictures": answers >= 0} | true
    return [
        {"garment": name} | {what: int(of[which].sum()) for what, of in true.items()} for name, which in groups.items()
    ]


def make_tables() -> list[str]:
    """No proved picture falls."""
    rows = table("votes")
    assert not any(row["patch_proved"] + row["stripe_proved"] for row in rows)
    names = [name for name in rows[0] if name not in ("trained", "seed", "garment")]
    awake, tried = ([n for n in names if n.startswith(kinds)] for kinds in ("awake", ("tried", "patch", "stripe")))
    parts = [name for name in names if name not in awake + tried], awake, tried
    return [tabulate(rows, ["trained", "garment"], {name: median(name) for name in part}) for part in parts]


if __name__ == "__main__":
    settings = combine(trained=(bands.WIDTH, bands.SIDE), seed=range(5))
    main(table, {"votes": lambda: complete(table, "votes", settings, measure)}, make_tables)
