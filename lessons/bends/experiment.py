"""One large step, ten small ones, and luck: which photographs fall, and how large coin tosses must be?

    python -m lessons.bends.experiment

luck: for each of the 40 photographs of EVIDENCE and the 30 of HELD_OUT, its class, the class's lead (its log-odds) on
the photograph, whether one step of 1 along the signs of the gradient and ten steps of 0.1 take the first place from the
class (both rounded and clipped), and the size at which coin tosses cost it as much of its lead as a step of 0.2 along
the signs does (neither rounded nor clipped; the mean of three tosses; 128 if not even those suffice). Nothing was tuned
on either set.

Takes about three minutes on two cores. Ctrl-C keeps what is done.
"""

from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

from lessons.bends import table
from tricknet import images
from tricknet.arrays import Doubles, Numbers, Picture
from tricknet.cases import main
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.report import count, grouped, long, median, paired

SETS = {"evidence": images.EVIDENCE, "held out": images.HELD_OUT}
SIZES = np.array([0, 0.5, 1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128])  # of the coin tosses
AS_MUCH_AS = 0.2  # the step along the signs that luck has to match


def luck() -> Iterator[Row]:
    """A row for every photograph."""
    model = GoogLeNet()
    for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
        yield {"set": which, "picture": name} | row(model, images.load(name))


def row(model: Classifier, picture: Picture) -> Row:
    """What the module's first lines say, of one picture (uint8, 224 x 224 x 3)."""
    label = int(model.predict(picture).probabilities.argmax())
    start = picture.astype(np.float32)
    signs = np.sign(model.gradient(start, label))
    x: Numbers = start
    for _ in range(10):
        x = x - 0.1 * np.sign(model.gradient(x, label))
    rng = np.random.default_rng(0)
    tosses = [rng.choice(np.array([-1, 1], np.float32), start.shape) for _ in range(3)]
    leads = np.array([np.mean([lead(model, start + size * toss, label) for toss in tosses]) for size in SIZES])
    return {
        "class": label,
        "lead": round(lead(model, start, label), 3),
        "one_step": int(_falls(model, start - signs, label)),
        "ten_steps": int(_falls(model, x, label)),
        "luck": round(first_crossing(SIZES, leads, lead(model, start - AS_MUCH_AS * signs, label)), 1),
    }


def lead(model: Classifier, picture: Numbers, label: int) -> float:
    """The log-odds of a class: its lead over all others together."""
    return float(-np.log(np.expm1(-model.value(picture, label))))


def first_crossing(sizes: Doubles, leads: Doubles, goal: float) -> float:
    """The first size at which the lead, straight between the sizes, is down to `goal`; the last size if it never is."""
    below = np.flatnonzero(leads <= goal)
    if not len(below):
        return float(sizes[-1])
    i = int(below[0])
    return float(np.interp(goal, leads[[i, i - 1]], sizes[[i, i - 1]])) if i else 0.0


def _falls(model: Classifier, picture: Numbers, label: int) -> bool:
    """Does another class come first, once the picture can be saved?"""
    return bool(model.predict(np.clip(np.rint(picture), 0, 255).astype(np.uint8)).probabilities.argmax() != label)


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    rows = [row | {"times as far": row["luck"] / AS_MUCH_AS} for row in table("luck")]
    steps = long(rows, ("one_step", "ten_steps"), "steps", "falls")
    return {
        "luck": [
            "Photographs that fall, because another class comes first:",
            grouped(steps, ["steps"], {"": count("falls")}, ["set"]),
            paired(steps, ["set"], [({"steps": "one_step"}, {"steps": "ten_steps"})], ["falls"]),
            "How many times as far as the step of 0.2 the coin tosses go (where not even 128 suffices: 640):",
            grouped(rows, ["set"], {"times as far": median("times as far"), "128 is too small": count("luck", 128)}),
        ]
    }


if __name__ == "__main__":
    main(__doc__, table, {"luck": luck}, shown)
