"""Are dogs harder to fool than other pictures? The same targets for every photograph, dogs and others.

    python -m lessons.dogs.same_targets [--epsilon 1] [--steps 10] [--method momentum]

Writes tables/same_targets.csv: for each photograph and each target, the target's
probability after the attack, and the class that came closest to winning on the way, apart from the target and from
the class that the picture had. EVIDENCE is for looking, HELD_OUT for judging; the other dogs in images/ are added.
About seven minutes on two cores. Ctrl-C keeps what is done.
"""

from typing import Any

import numpy as np
from tqdm import tqdm

from lessons.dogs import table
from lessons.dogs.forbidden import SETS, options
from tricknet import images, trick
from tricknet.arrays import Picture
from tricknet.evidence import Value
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

TARGETS = ("tennis ball", "vulture", "teapot", "shower cap", "paper towel")  # chosen before looking; none is a dog


def main() -> None:
    """Attack every photograph with every target and write the table."""
    attack = vars(options(__doc__))
    model, measured = GoogLeNet(), []
    try:
        for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
            picture = images.load(name)
            measured += [{"set": which, "picture": name} | row(model, picture, t, attack) for t in TARGETS]
    except KeyboardInterrupt:
        print("Stopped: the table holds the pictures that are done.")
    if measured:
        print(table.save("same_targets", measured))


def row(model: Classifier, picture: Picture, target: str, attack: dict[str, Any]) -> dict[str, Value]:
    """What one attack on one picture (uint8, 224 x 224 x 3) reached, and what came up on the way."""
    result = trick(model, picture, target, **attack)
    start, goal = result.said_before.top(1)[0][0], model.labels.find(target)
    on_the_way = result.history[1:].copy()
    on_the_way[:, [start, goal]] = 0
    step, between = np.unravel_index(on_the_way.argmax(), on_the_way.shape)
    return {
        "class": start,
        "target": target,
        "p": round(float(result.said_after[goal]), 4),
        "between": int(between),
        "between_p": round(float(on_the_way[step, between]), 4),
    }


if __name__ == "__main__":
    main()
