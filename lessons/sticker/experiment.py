"""What does a sticker do to photographs that it was not made with, and what do its rivals do?

    python -m lessons.sticker.experiment [stickers] [sticker_changes] [sticker_seeds] [covering]

stickers: two stickers of images/stickers go on the 30 photographs of HELD_OUT at five sizes. For each photograph the
position, the angle and the light are drawn at random, and are the same for all rivals. The rivals are the sticker with
its pixels shuffled; a white disc with the class's name on it; and for the banana a photograph of bananas, cut to a
disc. Each network of NETWORKS is asked. A cell says whether its first answer is the sticker's class ("plain"), and
whether it still is after `transforms.photographed` ("photographed").
sticker_changes: the same at 15% of the area on GoogLeNet, sticker and shuffled, after each change in
`tricknet.unseen.UNSEEN` and after `another_camera`. Training drew none of them, though it turned the sticker
on the photograph. A cell says whether the first answer is the sticker's class.
sticker_seeds: the toaster made with five seeds, on HELD_OUT at 15% and 25%. A cell says whether the first answer is
toaster.
covering: does a small sticker win where it covers what the network relies on? The toaster, 75 pixels wide, goes on ten
photographs of HELD_OUT, at 100 places where it lies wholly in the picture. "sticker" is its lead (its log-odds) there.
"disc" is the lead of the photograph's own class with a plain grey disc instead of the sticker.

Takes about twenty minutes on two quiet cores; Ctrl-C keeps what is done.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.stats import spearmanr
from tqdm import tqdm

from lessons.sticker import table
from lessons.sticker.stickers import blank, log_odds_at, rivals, worn
from tricknet import Classifier, GoogLeNet, images
from tricknet.arrays import Pictures
from tricknet.attacks import sticker, transforms
from tricknet.cases import first_answers, load_all, main
from tricknet.evidence import Row
from tricknet.networks import all_networks
from tricknet.report import count, differences, grouped, long, mean, paired
from tricknet.unseen import UNSEEN, another_camera

NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
SHARES = (0.05, 0.10, 0.15, 0.20, 0.25)  # of the picture's area
STICKERS = ("toaster", "banana")
CHANGED_AT = 0.15  # the share at which the changes are tried
SEEDS = 5
SMALL, PLACES = 75, range(40, 185, 16)  # pixels: a diameter, and the rows and columns of its centres


def stickers() -> Iterator[Row]:
    """Every sticker and its rivals at every size, as every network sees them."""
    held_out = load_all(images.HELD_OUT)
    for model in (all_networks()[name]() for name in NETWORKS):
        for name in STICKERS:
            for kind, what in rivals(name).items():
                for share in tqdm(SHARES, desc=f"{model.name}, {name}, {kind}"):
                    yield from asked(model, name, kind, share, worn(held_out, what, share))


def asked(model: Classifier, name: str, kind: str, share: float, pictures: Pictures) -> Iterator[Row]:
    """A row for each picture of HELD_OUT with something on it."""
    target = model.labels.find(name)
    looks = [transforms.photographed(p, np.random.default_rng(1000 + i)) for i, p in enumerate(pictures)]
    answers = zip(images.HELD_OUT, first_answers(model, pictures), first_answers(model, looks), strict=False)
    for picture, plain, photographed in answers:
        row: Row = {"network": model.name, "sticker": name, "kind": kind, "share": share, "picture": picture}
        yield row | {"plain": int(plain == target), "photographed": int(photographed == target)}


def changes() -> Iterator[Row]:
    """The stickers and their shuffled controls after changes that their training did not draw."""
    model, held_out = GoogLeNet(), load_all(images.HELD_OUT)
    for name in STICKERS:
        target = model.labels.find(name)
        for kind in ("sticker", "shuffled"):
            for i, picture in enumerate(tqdm(worn(held_out, rivals(name)[kind], CHANGED_AT), desc=f"{name}, {kind}")):
                after = [change(picture) for change in UNSEEN.values()]
                after.append(another_camera(picture, np.random.default_rng(1000 + i)))
                hits = [int(answer == target) for answer in first_answers(model, after)]
                row: Row = {"sticker": name, "kind": kind, "picture": images.HELD_OUT[i]}
                yield row | dict(zip([*UNSEEN, "another camera"], hits, strict=True))


def toasters() -> Iterator[Row]:
    """Five toasters, as every network sees them at two sizes."""
    models = [all_networks()[name]() for name in NETWORKS]
    held_out, target = load_all(images.HELD_OUT), models[0].labels.find("toaster")
    for seed in tqdm(range(SEEDS), desc="stickers"):
        toaster = sticker.make(models[0], target, seed=seed).pixels[..., :3]
        for share in (CHANGED_AT, SHARES[-1]):
            pictures = worn(held_out, toaster, share)
            answers = zip(*(first_answers(model, pictures) for model in models), strict=True)
            for picture, three in zip(images.HELD_OUT, answers, strict=True):
                row: Row = {"seed": seed, "share": share, "picture": picture}
                yield row | {model.name: int(one == target) for model, one in zip(models, three, strict=True)}


def covering() -> Iterator[Row]:
    """Ten photographs, each with a sticker and with a grey disc at the same places."""
    model, toaster = GoogLeNet(), sticker.ready("toaster").pixels
    target = model.labels.find("toaster")
    for name in tqdm(images.HELD_OUT[::3], desc="covering"):
        photograph = images.load(name)
        (own,) = first_answers(model, [photograph])
        stuck, under = (
            log_odds_at(model, photograph, what, label, places=PLACES, size=SMALL)
            for what, label in ((toaster, target), (blank(), own))
        )
        for (row, column), one, other in zip(product(PLACES, PLACES), stuck.flat, under.flat, strict=True):
            yield {"picture": name, "row": row, "column": column, "sticker": round(one, 3), "disc": round(other, 3)}


def agreement() -> list[Row]:
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


def shown() -> dict[str, list[str]]:
    discs, seeds = table("stickers"), table("sticker_seeds")
    found = agreement()
    pairs = [({"kind": "sticker"}, {"kind": rival}) for rival in ("object", "note", "shuffled")]
    changed = long(table("sticker_changes"), [*UNSEEN, "another camera"])
    return {
        "stickers": [
            "Photographs whose first answer is the sticker's class:",
            grouped(discs, ["network", "sticker", "kind"], {"": count("plain")}, ["share"]),
            "The same after `transforms.photographed`:",
            grouped(discs, ["network", "sticker", "kind"], {"": count("photographed")}, ["share"]),
            "On GoogLeNet:",
            paired([row for row in discs if row["network"] == "GoogLeNet"], ["sticker", "share"], pairs, ["plain"]),
        ],
        "sticker_changes": [
            "Photographs whose first answer is the sticker's class:",
            grouped(changed, ["change"], {"": count("value")}, ["sticker", "kind"]),
        ],
        "sticker_seeds": [
            "Photographs whose first answer is toaster:",
            grouped(long(seeds, list(seeds[0])[3:], "network"), ["network", "share"], {"": count("value")}, ["seed"]),
        ],
        "covering": [
            "Rank correlations, below 0 if the sticker is strong where the disc weakens the class. *Own*: both on one "
            "photograph. *Others*: the disc on the nine other photographs, on average, as a control.",
            grouped(found, ["picture"], {"": mean("rank")}, ["disc"]),
            differences(found, [], [({"disc": "own"}, {"disc": "others"})], "rank"),
        ],
    }


if __name__ == "__main__":
    makers = {"stickers": stickers, "sticker_changes": changes, "sticker_seeds": toasters, "covering": covering}
    main(__doc__, table, makers, shown)
