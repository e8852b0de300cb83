"""Evidence for lesson 9, One sticker for everything."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.stats import spearmanr
from tqdm import tqdm

from evidence.cases import main
from evidence.report import Prose, compare_counts, compare_means, count, mean, tabulate
from lessons.sticker import table
from lessons.sticker.stickers import blank, log_odds_at, rivals, worn
from tricknet import Classifier, images, load
from tricknet.arrays import Pictures
from tricknet.attacks import sticker, transforms
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

ABOUT = """\
Lesson 9 asks what a sticker does to photographs that it was not made with, and what its rivals do. `python -m
evidence.sticker` takes about twenty minutes."""
ROWS = {
    "stickers": """is one of the 30 photographs of HELD_OUT with a disc on a `share` of its area, shown to one network.
The `kind` of disc is a sticker (the toaster or the banana) or one of its rivals: the sticker with its pixels shuffled,
a white disc with the class's name on it (note), and for the banana a photograph of bananas (object). The position,
angle and light are drawn at random for each photograph, and are the same for all rivals. `plain` says whether the first
answer is the sticker's class, and `photographed` whether the same holds through the simulated camera
`transforms.photographed`.""",
    "sticker_seeds": """is one of these photographs with a toaster sticker on 15% of its area. The sticker was made with
one of five seeds. The table counts the photographs that GoogLeNet calls a toaster.""",
    "covering": """is one of 100 places on one of ten photographs of HELD_OUT. The toaster, 75 pixels wide, lies inside
the picture. `sticker` is the toaster's lead (log-odds). `disc` is the lead of the photograph's own class with a grey
disc of the same size in the same place.""",
}
PROSE = Prose(ABOUT, ROWS, sets=("HELD_OUT",))

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


def describe() -> dict[str, list[str]]:
    discs, found = table("stickers"), correlate()
    googlenet = [row for row in discs if row["network"] == "GoogLeNet"]
    pairs = [({"kind": "sticker"}, {"kind": rival}) for rival in ("object", "note", "shuffled")]
    return {
        "stickers": [
            "The table counts the photographs whose first answer is the sticker's class.",
            tabulate(discs, ["network", "sticker", "kind"], {"": count("plain")}, across=["share"]),
            "The next table counts them after the camera.",
            tabulate(discs, ["network", "sticker", "kind"], {"": count("photographed")}, across=["share"]),
            "The last table compares the stickers with their rivals on GoogLeNet, without the camera.",
            compare_counts(googlenet, ["sticker", "share"], pairs, counted=["plain"]),
        ],
        "sticker_seeds": [tabulate(table("sticker_seeds"), ["seed"], {"toasters": count("toaster")})],
        "covering": [
            "The table shows the rank correlation of the two leads over the places, below 0 if the sticker is strong "
            "where the disc weakens the class. For *own*, both lie on the same photograph. For *others*, the control, "
            "the disc lies on each of the nine other photographs, and the table shows the mean.",
            tabulate(found, ["picture"], {"": mean("rank")}, across=["disc"]),
            "The next table shows the mean difference between the two.",
            compare_means(found, [], [({"disc": "own"}, {"disc": "others"})], column="rank"),
        ],
    }


if __name__ == "__main__":
    main(PROSE, table, {"stickers": stick_all, "sticker_seeds": make_toasters, "covering": cover}, describe)
