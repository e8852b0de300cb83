"""Evidence for Proofs."""

from collections.abc import Iterator

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import tabulate, total
from lessons.proofs import smoothing, table
from tricknet import images, load
from tricknet.arrays import Picture
from tricknet.counting import Row
from tricknet.networks.classifier import Classifier

SIGMA, VOTES, SEEDS = 40, 100, range(5)


def count_votes() -> None:
    """Five attacks on the panda's vote, 100 votes at every fourth of 32 steps, and as many for four controls each.

    Fixed before the first count: the seeds 0 to 4; an attack's pictures and its controls get the same noise; all five
    are told, and the lesson draws the first. The trick passes if its interval (Wilson) and that of each control are
    apart.
    """
    model = load("GoogLeNet")
    panda, label = images.load("panda"), model.labels.find("giant panda")
    complete(table, "votes", combine(seed=SEEDS), lambda seed: list(_attack(model, panda, label, seed)))


def _attack(model: Classifier, panda: Picture, label: int, seed: int) -> Iterator[Row]:
    path = smoothing.overturn(model, panda, label, sigma=SIGMA, seed=seed)
    change = path[-1].astype(float) - panda
    pictures = {f"step {step}": path[step] for step in range(0, len(path), 4)}
    for name, other in smoothing.controls(change, seed).items():
        pictures[name] = np.rint(panda + other).clip(0, 255).astype(np.uint8)
    for name, picture in pictures.items():
        count = smoothing.votes(model, picture, sigma=SIGMA, n=VOTES, seed=100 + seed)
        row: Row = {"picture": name, "length": round(float(np.linalg.norm(picture.astype(float) - panda)), 1)}
        bare = model.predict(picture).best
        row |= {"panda": int(count[label]), "first": model.labels[int(count.argmax())], "votes": int(count.max())}
        yield row | {"bare": bare.name, "sure": round(bare.probability, 4)}


def count_photographs() -> Iterator[Row]:
    """Twenty votes on each photograph of images.EVIDENCE; how many, and the seed, were fixed before the first count."""
    model = load("GoogLeNet")
    for name in images.EVIDENCE:
        counted = smoothing.votes(model, picture := images.load(name), sigma=SIGMA, n=20, seed=100)
        bare, first = model.predict(picture).best, int(counted.argmax())
        row: Row = {"picture": name, "bare": bare.name, "sure": round(bare.probability, 4)}
        yield row | {"kept": int(counted[bare.index]), "first": model.labels[first], "votes": int(counted[first])}


def make_tables() -> list[str]:
    return [
        tabulate(table("votes"), ["picture"], {"votes for the panda": total("panda", VOTES)}),
        tabulate(table("photographs"), ["picture", "bare", "sure"], {"votes for it": total("kept", 20)}),
    ]


if __name__ == "__main__":
    main(table, {"votes": count_votes, "photographs": count_photographs}, make_tables)
