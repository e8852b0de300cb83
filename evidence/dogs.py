"""Evidence for lesson 6, You can't fool a dog. Or can you?"""

from collections.abc import Iterator

from tqdm import tqdm

from evidence.cases import main
from evidence.report import mean, tabulate
from lessons.dogs import table
from tricknet import Classifier, images, load, trick
from tricknet.arrays import Picture
from tricknet.counting import Row

TARGETS = ("tennis ball", "vulture", "teapot", "shower cap", "paper towel")  # chosen before looking; none is a dog
SHELF = ("german_shepherd", "pembroke")  # dogs that are in neither set
PHOTOGRAPHS = {"evidence": images.EVIDENCE, "held out": images.HELD_OUT, "shelf": SHELF}
BREEDS = range(151, 269)  # the classes of dogs, from Chihuahua to Mexican hairless


def attack_all() -> Iterator[Row]:
    """Every photograph with every target."""
    model = load("GoogLeNet")
    for which, name in tqdm([(s, name) for s, names in PHOTOGRAPHS.items() for name in names], unit="picture"):
        fields: Row = {"set": which, "picture": name}
        yield from (fields | attack(model, images.load(name), target) for target in TARGETS)


def attack(model: Classifier, picture: Picture, target: str) -> Row:
    """What one attack on one picture (uint8, 224 x 224 x 3) reached."""
    result = trick(model, picture, target, epsilon=1, steps=10, method="momentum")
    reached = round(result.prediction_after[target], 4)
    return {"class": result.prediction_before.best.index, "target": target, "p": reached}


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    pictures = [(which, name) for which, names in PHOTOGRAPHS.items() for name in names]
    expected = [(*picture, target) for picture in pictures for target in TARGETS]
    assert [(row["set"], row["picture"], row["target"]) for row in table("same_targets")] == expected
    rows = [row | {"what": "dogs" if row["class"] in BREEDS else "others"} for row in table("same_targets")]
    return [tabulate(rows, ["target"], {"": mean("p")}, across=["set", "what"])]


if __name__ == "__main__":
    main(table, {"same_targets": attack_all}, make_tables)
