"""Evidence for lesson 10, One sticker for everything."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product

import numpy as np
from tqdm import tqdm

from evidence.cases import Maker, combine, complete, main
from evidence.report import compare_counts, count, tabulate, total
from lessons.sticker import table
from lessons.sticker.stickers import SIDES, candidate, rivals, worn
from tricknet import Classifier, images, load
from tricknet.arrays import GREY, Pictures
from tricknet.attacks import sticker, transforms
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
SHARES = (0.05, 0.10, 0.15, 0.20, 0.25)  # of the picture's area
STICKERS = ("toaster", "banana")
ALL_SHARES = (0.03, 0.05, 0.07, 0.10, 0.15, 0.25, 0.35, 0.50)


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


def measure_sizes(side: int, seed: int) -> list[Row]:
    """A banana sticker made at some size, on the photographs of HELD_OUT at every size: is it the first answer?"""
    model, held_out = load("GoogLeNet"), load_all(images.HELD_OUT)
    target = model.labels.find("banana")
    what = sticker.make(model, target, side=side, steps=200, seed=seed).pixels
    rows: list[Row] = []
    for share in ALL_SHARES:
        hits = [int(answer == target) for answer in first_answers(model, worn(held_out, what, share))]
        rows += [{"share": share, "picture": name, "hit": hit} for name, hit in zip(images.HELD_OUT, hits, strict=True)]
    return rows


def choose() -> Iterator[Row]:
    """Forty real things and forty loud patterns: which class do they call up, on how many of forty photographs?"""
    model, photographs = load("GoogLeNet"), load_all(images.EVIDENCE)
    before = first_answers(model, photographs)
    for kind, disc in product(("thing", "loud"), range(40)):
        now = first_answers(model, worn(photographs, candidate(kind, disc), 0.25))
        (called, hits), *_ = Counter(a for a, b in zip(now, before, strict=True) if a != b).most_common() or [(0, 0)]
        yield {"kind": kind, "disc": disc, "called": model.labels[called], "hits": hits}


def try_places() -> Iterator[Row]:
    """Each sticker and a grey disc, 75 pixels wide, at 36 places of the panda and of ten photographs: how many win?"""
    model, at = load("GoogLeNet"), np.linspace(38, 186, 6)
    discs = {name: sticker.ready(name).pixels for name in sticker.names()}
    discs["grey"] = np.full_like(discs["toaster"], GREY)
    for (name, disc), picture in tqdm([*product(discs.items(), ("panda", *images.HELD_OUT[::3]))], desc="places"):
        before = images.load(picture)
        stuck = [sticker.place(before, disc, (row, column), 75) for row, column in product(at, at)]
        bare, *now = first_answers(model, [before, *stuck])
        won = [answer != bare if name == "grey" else model.labels[answer] == name for answer in now]
        yield {"disc": name, "picture": picture, "won": sum(won)}


def make_tables() -> list[str]:
    discs = table("stickers")
    googlenet = [row for row in discs if row["network"] == "GoogLeNet"]
    pairs = [({"kind": "sticker"}, {"kind": rival}) for rival in ("object", "note", "shuffled")]
    chosen = sorted(table("choice"), key=lambda row: (row["kind"] == "loud", -row["hits"]))
    return [
        tabulate(discs, ["network", "sticker", "kind"], {"": count("plain")}, across=["share"]),
        tabulate(discs, ["network", "sticker", "kind"], {"": count("photographed")}, across=["share"]),
        compare_counts(googlenet, ["sticker", "share"], pairs, counted=["plain"]),
        tabulate(table("sticker_seeds"), ["seed"], {"toasters": count("toaster")}),
        tabulate(table("sizes"), ["side", "share"], {"": count("hit")}, across=["seed"]),
        tabulate(table("places"), ["picture"], {"": total("won", 36)}, across=["disc"]),
        tabulate(chosen[:5] + chosen[40:45], ["kind", "disc", "called"], {"photographs": total("hits", 40)}),
    ]


if __name__ == "__main__":
    settings = [*combine(seed=[0], side=SIDES), {"seed": 1, "side": 57}]
    sizes = partial(complete, table, "sizes", settings, measure_sizes)
    makers: dict[str, Maker] = {"stickers": stick_all, "sticker_seeds": make_toasters, "choice": choose}
    makers |= {"places": try_places, "sizes": sizes}
    main(table, makers, make_tables)
