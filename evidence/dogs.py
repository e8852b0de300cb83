"""Evidence for lesson 6, You can't fool a dog. Or can you?"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from tqdm import tqdm

from evidence.cases import main
from evidence.report import Pair, compare_means, mean, tabulate
from lessons.dogs import table
from lessons.dogs.resistance import BREEDS, PHOTOGRAPHS, TARGETS, reach
from tricknet import images, load
from tricknet.arrays import rounded
from tricknet.attacks.transforms import blur
from tricknet.counting import Row

NAMES = [(which, name) for which, names in PHOTOGRAPHS.items() for name in names]
WAYS = {"as it is": 0, "blurred": 1, "sharpened": -1}  # and how much of the fine detail each takes away


def attack_all(*ways: str) -> Iterator[Row]:
    """Every photograph, changed in some of WAYS, with every target."""
    model = load("GoogLeNet")
    for way, (which, name) in tqdm(list(product(ways, NAMES)), unit="picture"):
        picture = images.load(name)
        changed = rounded(picture - WAYS[way] * (picture.astype(np.float32) - blur(picture, 1)))
        fields: Row = {"set": which, "picture": name, "way": way, "class": model.predict(changed).best.index}
        yield from (fields | {"target": target, "p": round(p, 4)} for target, p in reach(model, changed).items())


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    rows = table("same_targets")
    expected = [(way, *name, target) for way, name, target in product(WAYS, NAMES, TARGETS)]
    assert [(row["way"], row["set"], row["picture"], row["target"]) for row in rows] == expected
    kinds = [row | {"what": "dogs" if row["class"] in BREEDS else "others"} for row in rows if row["way"] == "as it is"]
    pairs: list[Pair] = [({"way": way}, {"way": "as it is"}) for way in ("blurred", "sharpened")]
    changes = compare_means([row for row in rows if row["set"] != "shelf"], ["set"], pairs, column="p")
    return [tabulate(kinds, ["target"], {"": mean("p")}, across=["set", "what"]), changes]


if __name__ == "__main__":
    main(table, {"same_targets": lambda: attack_all(*WAYS)}, make_tables)
