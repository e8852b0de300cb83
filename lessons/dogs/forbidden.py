"""How much of a picture's likeliest classes is left when an attack pushes it away from all of them at once?

    python -m lessons.dogs.forbidden [--epsilon 1] [--steps 10] [--method momentum]

Writes tables/forbidden.csv: for each photograph and each k of 1, 10 and 130, the share
of the probability that its k likeliest classes hold before the attack and after it, the class that leads after it, and
the place of that class before (1 is the likeliest). What lessons claim is looked for on EVIDENCE and judged on
HELD_OUT; the other dogs in images/ are added. About four minutes on two cores. Ctrl-C keeps what is done.
"""

import argparse
from typing import Any

import numpy as np
from tqdm import tqdm

from lessons.dogs import table
from tricknet import images, make_less_like
from tricknet.arrays import Picture
from tricknet.evidence import Value
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

FORBIDDEN = (1, 10, 130)
SHELF = ("german_shepherd", "pembroke")  # dogs that are in neither set; 130 is about the number of canine classes
SETS = {"evidence": images.EVIDENCE, "held out": images.HELD_OUT, "shelf": SHELF}


def main() -> None:
    """Attack every photograph and write the table."""
    attack = vars(options(__doc__))
    model, measured = GoogLeNet(), []
    try:
        for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
            measured += [{"set": which, "picture": name} | row for row in rows(model, images.load(name), attack)]
    except KeyboardInterrupt:
        print("Stopped: the table holds the pictures that are done.")
    if measured:
        print(table.save("forbidden", measured))


def rows(model: Classifier, picture: Picture, attack: dict[str, Any]) -> list[dict[str, Value]]:
    """A row for each k: what an attack on one picture (uint8, 224 x 224 x 3) leaves to its k likeliest classes."""
    before = model.predict(picture).probabilities
    likeliest = np.argsort(-before, kind="stable")
    found: list[dict[str, Value]] = []
    for k in FORBIDDEN:
        classes = [int(c) for c in likeliest[:k]]
        after = make_less_like(model, picture, set(classes), **attack).said_after.probabilities
        leader = int(after.argmax())
        found.append(
            {
                "class": classes[0],
                "k": k,
                "before": round(float(before[classes].sum()), 4),
                "left": round(float(after[classes].sum()), 4),
                "leader": leader,
                "leader_before": int(np.flatnonzero(likeliest == leader)[0]) + 1,
            }
        )
    return found


def options(doc: str) -> argparse.Namespace:
    """How to attack: what the command line says."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    parser.add_argument("--epsilon", type=float, default=1, help="the most that any value may move, in pixel values")
    parser.add_argument("--steps", type=int, default=10, help="gradients per attack")
    parser.add_argument("--method", default="momentum", help="how a step follows from a gradient (see tricknet.trick)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
