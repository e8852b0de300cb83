"""Are dogs harder to fool than other pictures? With given targets, and away from the likeliest classes.

    python -m lessons.dogs.experiment [same_targets] [forbidden]

The photographs are the 40 of EVIDENCE, for looking, the 30 of HELD_OUT, for judging, and two more dogs in images/. Each
attack takes ten momentum steps at epsilon 1.
same_targets: for each photograph and each of five targets, the target's probability after the attack, and the class
that came closest to winning on the way, apart from the target and from the class that the picture had.
forbidden: an attack away from the k likeliest classes at once, for k of 1, 10 and 130 (about the number of canine
classes): the share of the probability that they hold before it and after it, the class that leads after it, and the
place of that class before (1 is the likeliest).

Takes about eleven minutes on two cores. Ctrl-C keeps what is done.
"""

from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

from lessons.dogs import table
from tricknet import images, make_less_like, trick
from tricknet.arrays import Picture
from tricknet.cases import main
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.report import count, grouped, mean

TARGETS = ("tennis ball", "vulture", "teapot", "shower cap", "paper towel")  # chosen before looking; none is a dog
FORBIDDEN = (1, 10, 130)
SHELF = ("german_shepherd", "pembroke")  # dogs that are in neither set
SETS = {"evidence": images.EVIDENCE, "held out": images.HELD_OUT, "shelf": SHELF}
BREEDS = range(151, 269)  # the classes of dogs, from Chihuahua to Mexican hairless


def same_targets() -> Iterator[Row]:
    """Every photograph with every target."""
    model = GoogLeNet()
    for fields, picture in photographs():
        yield from (fields | towards(model, picture, target) for target in TARGETS)


def forbidden() -> Iterator[Row]:
    """Every photograph away from its likeliest classes."""
    model = GoogLeNet()
    for fields, picture in photographs():
        yield from (fields | away(model, picture, k) for k in FORBIDDEN)


def photographs() -> Iterator[tuple[Row, Picture]]:
    """Every photograph, with its set and its name."""
    for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
        yield {"set": which, "picture": name}, images.load(name)


def towards(model: Classifier, picture: Picture, target: str, steps: int = 10) -> Row:
    """What one attack on one picture (uint8, 224 x 224 x 3) reached, and what came up on the way."""
    result = trick(model, picture, target, epsilon=1, steps=steps, method="momentum")
    start, goal = result.prediction_before.best.index, model.labels.find(target)
    on_the_way = result.history[1:].copy()
    on_the_way[:, [start, goal]] = 0
    step, between = np.unravel_index(on_the_way.argmax(), on_the_way.shape)
    return {
        "class": start,
        "target": target,
        "p": round(float(result.prediction_after[goal]), 4),
        "between": int(between),
        "between_p": round(float(on_the_way[step, between]), 4),
    }


def away(model: Classifier, picture: Picture, k: int, steps: int = 10) -> Row:
    """What an attack on one picture (uint8, 224 x 224 x 3) leaves to its k likeliest classes."""
    before = model.predict(picture).probabilities
    likeliest = np.argsort(-before, kind="stable")
    classes = [int(c) for c in likeliest[:k]]
    result = make_less_like(model, picture, set(classes), epsilon=1, steps=steps, method="momentum")
    after = result.prediction_after.probabilities
    leader = int(after.argmax())
    return {
        "class": classes[0],
        "k": k,
        "before": round(float(before[classes].sum()), 4),
        "left": round(float(after[classes].sum()), 4),
        "leader": leader,
        "leader_before": int(np.flatnonzero(likeliest == leader)[0]) + 1,
    }


def shown() -> dict[str, list[str]]:
    """What the page shows."""

    def rows(name: str) -> list[Row]:
        return [row | {"what": "dogs" if row["class"] in BREEDS else "others"} for row in table(name)]

    stays = [row | {"stays": int(row["leader_before"] <= row["k"])} for row in rows("forbidden")]
    return {
        "same_targets": [
            "The target's probability after the attack, on average:",
            grouped(rows("same_targets"), ["target"], {"": mean("p")}, ["set", "what"]),
        ],
        "forbidden": [
            "The share that is left to the forbidden classes, on average:",
            grouped(stays, ["k"], {"": mean("left")}, ["set", "what"]),
            "Photographs in which one of the forbidden classes still leads:",
            grouped(stays, ["k"], {"": count("stays")}, ["set", "what"]),
        ],
    }


if __name__ == "__main__":
    main(__doc__, table, {"same_targets": same_targets, "forbidden": forbidden}, shown)
