"""Evidence for lesson 10, One sticker for everything."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.stats import spearmanr
from tqdm import tqdm

from evidence.cases import main
from evidence.report import compare_counts, compare_means, count, mean, tabulate
from lessons.sticker import table
from lessons.sticker.stickers import blank, log_odds_at, rivals, worn
from tricknet import Classifier, images, load
from tricknet.arrays import Pictures
from tricknet.attacks import sticker, transforms
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
SHARES = (0.05, 0.10, 0.15, 0.20, 0.25)  # of the picture's area
STICKERS = ("toaster", "banana")
SMALL, PLACES = 75, range(40, 185, 16)  # pixels: a diameter, and the rows and columns of its centres


def stick_all() -> Iterator[Row]:
    """Every sticker and its rivals at every size, as every network sees them."""
    held_out = load_all(images.HELD_OUT)
    for model in (load(name) for name in NETWORKS):
        for name in STICKERS:
            for kind, what in rivals(name).items():
                for share in tqdm(SHARES, desc=f"{model.name}, {name}, {kind}"):
                    yield from ask(model, name, kind, share, worn(held_out, what, share))


def ask(model: Classifier, name: str, kind: str, share: float, pictures: Pictures) -> Iterator[Row]:
    """A row for each picture of HELD_OUT with something on it."""
    target = model.labels.find(name)
    looks = [transforms.photographed(p, np.random.default_rng(1000 + i)) for i, p in enumerate(pictures)]
    answers = zip(images.HELD_OUT, first_answers(model, pictures), first_answers(model, looks), strict=False)
    for picture, plain, photographed in answers:
        row: Row = {"network": model.name, "sticker": name, "kind": kind, "share": share, "picture": picture}
        yield row | {"plain": int(plain == target), "photographed": int(photographed == target)}


def make_toasters() -> Iterator[Row]:
    """Five toasters, as GoogLeNet sees them."""
    model, held_out = load("GoogLeNet"), load_all(images.HELD_OUT)
    target = model.labels.find("toaster")
    for seed in tqdm(range(5), desc="stickers"):
        toaster = sticker.make(model, target, seed=seed).pixels[..., :3]
        for name, answer in zip(images.HELD_OUT, first_answers(model, worn(held_out, toaster, 0.15)), strict=True):
            yield {"seed": seed, "picture": name, "toaster": int(answer == target)}


def cover() -> Iterator[Row]:
    """Ten photographs, each with a sticker and with a grey disc at the same places."""
    model, toaster = load("GoogLeNet"), sticker.ready("toaster").pixels
    target = model.labels.find("toaster")
    for name in tqdm(images.HELD_OUT[::3], desc="covering"):
        photograph = images.load(name)
        (own,) = first_answers(model, [photograph])
        stuck, under = (
            log_odds_at(model, photograph, what, label=label, places=PLACES, size=SMALL)
            for what, label in ((toaster, target), (blank(), own))
        )
        for (row, column), one, other in zip(product(PLACES, PLACES), stuck.flat, under.flat, strict=True):
            yield {"picture": name, "row": row, "column": column, "sticker": round(one, 3), "disc": round(other, 3)}


def correlate() -> list[Row]:
    """Rank correlations of the toaster's lead with that of the class under the disc: its own, and other pictures'."""
    rows = table("covering")
    maps = {name: [row for row in rows if row["picture"] == name] for name in images.HELD_OUT[::3]}
    stuck, under = ({name: [row[key] for row in each] for name, each in maps.items()} for key in ("sticker", "disc"))
    found: list[Row] = []
    for name in maps:
        by = {other: float(spearmanr(stuck[name], under[other]).statistic) for other in maps}
        own = by.pop(name)
        found += [{"picture": name, "disc": "own", "rank": own}]
        found += [{"picture": name, "disc": "others", "rank": float(np.mean([*by.values()]))}]
    return found


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    discs, found = table("stickers"), correlate()
    googlenet = [row for row in discs if row["network"] == "GoogLeNet"]
    pairs = [({"kind": "sticker"}, {"kind": rival}) for rival in ("object", "note", "shuffled")]
    return [
        tabulate(discs, ["network", "sticker", "kind"], {"": count("plain")}, across=["share"]),
        tabulate(discs, ["network", "sticker", "kind"], {"": count("photographed")}, across=["share"]),
        compare_counts(googlenet, ["sticker", "share"], pairs, counted=["plain"]),
        tabulate(table("sticker_seeds"), ["seed"], {"toasters": count("toaster")}),
        tabulate(found, ["picture"], {"": mean("rank")}, across=["disc"]),
        compare_means(found, [], [({"disc": "own"}, {"disc": "others"})], column="rank"),
    ]


if __name__ == "__main__":
    main(table, {"stickers": stick_all, "sticker_seeds": make_toasters, "covering": cover}, make_tables)
