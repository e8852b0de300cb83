"""Evidence for lesson 6, You can't fool a dog. Or can you?"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from tqdm import tqdm

from evidence.cases import main
from evidence.report import Pair, compare_means, count, mean, tabulate
from lessons.dogs import table
from lessons.dogs.resistance import BREEDS, PHOTOGRAPHS, TARGETS, reach
from tricknet import images, load, trick
from tricknet.arrays import Picture, rounded
from tricknet.attacks.transforms import blur
from tricknet.counting import Row

NAMES = [(which, name) for which, names in PHOTOGRAPHS.items() for name in names]
WAYS = ("as it is", "blurred", "sharpened", "sharpened upside down", "noisy")
HALF = [("held out", name) for name in images.HELD_OUT[:15]]
CASES = [(way, name) for way in WAYS for name in NAMES if way in WAYS[:3] or name in HALF]


def changed(picture: Picture, way: str, seed: int) -> Picture:
    """The photograph after one of WAYS. All changes are as large (root mean square) as its fine detail."""
    exact = picture.astype(np.float32)
    detail = exact - blur(picture, 1)
    noise = detail.std() * np.random.default_rng(seed).normal(size=exact.shape)
    return rounded(exact + [0 * detail, -detail, detail, detail[::-1], noise][WAYS.index(way)])


def attack_all() -> Iterator[Row]:
    """Every photograph of CASES, changed, with every target."""
    model = load("GoogLeNet")
    for way, (which, name) in tqdm(CASES, unit="picture"):
        picture = changed(images.load(name), way, NAMES.index((which, name)))
        fields: Row = {"set": which, "picture": name, "way": way, "class": model.predict(picture).best.index}
        yield from (fields | {"target": target, "p": round(p, 4)} for target, p in reach(model, picture).items())


def flip_one() -> Iterator[Row]:
    """The shepherd with one value moved by 1, towards the tennis ball with epsilon 1: twelve starts each."""
    model, dog = load("GoogLeNet"), images.load("german_shepherd")
    for steps, draw in tqdm(list(product((30, 100), range(12))), unit="walk"):
        start = dog.copy()
        start.flat[np.random.default_rng(draw).integers(start.size)] ^= 1
        after = trick(model, start, "tennis ball", epsilon=1, steps=steps).prediction_after
        yield {"steps": steps, "draw": draw, "first": after.best.name, "p": round(after["tennis ball"], 4)}


def make_tables() -> list[str]:
    rows = table("same_targets")
    expected = [(way, *name, target) for (way, name), target in product(CASES, TARGETS)]
    assert [(row["way"], row["set"], row["picture"], row["target"]) for row in rows] == expected
    kinds = [row | {"what": "dogs" if row["class"] in BREEDS else "others"} for row in rows if row["way"] == "as it is"]
    pairs: list[Pair] = [({"way": way}, {"way": "as it is"}) for way in WAYS[1:]]
    both = [row for row in rows if row["set"] != "shelf" and row["way"] in WAYS[:3]]
    half = [row | {"set": "half of held out"} for row in rows if (row["set"], row["picture"]) in HALF]
    changes = compare_means(both + half, ["set"], pairs, column="p")
    balls = tabulate(table("flipped"), ["steps"], {"tennis ball": count("first", "tennis ball"), "its p": mean("p")})
    return [tabulate(kinds, ["target"], {"": mean("p")}, across=["set", "what"]), changes, balls]


if __name__ == "__main__":
    main(table, {"same_targets": attack_all, "flipped": flip_one}, make_tables)
