"""Evidence for lesson 14, Is this defence real?

Fixed before the first run: 30 photographs of each set, and a coin of one toss per value. The bend leaves fewer than the
ramp by a paired test after Holm (p < 0.05) in both sets, or the lesson does not say so. The last three ways came later,
and so did the test of both sets together: the page says so wherever it uses them.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from evidence.cases import main
from evidence.report import compare_counts, count, mean, tabulate
from lessons.defence import table
from lessons.defence.soft_jpeg import SoftJpeg, bend, in_waves
from lessons.defence.soft_jpeg import heights as all_heights
from tricknet import Class, Classifier, Objective, images, load
from tricknet.arrays import Doubles, Floats, Picture, rounded
from tricknet.attacks import transforms
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers


def always(heights: Doubles) -> Doubles:
    """A control: the bend's mean slope for each of the 64 waves, from ten other photographs; its table never changes.

    One table is for brightness, and one for both colours.
    """
    return np.broadcast_to(_mean_slopes()[len(heights)], heights.shape)


@cache
def _mean_slopes() -> dict[int, Doubles]:
    """By the number of a plane's rows of squares: 8 x 8 slopes."""
    planes = [bend(plane) for photograph in load_all(images.EVIDENCE[30:]) for plane in all_heights(photograph, 50)]
    return {rows: np.mean([p for p in planes if len(p) == rows], axis=(0, 1, 2)) for rows in set(map(len, planes))}


NOTHING = transforms.StraightThrough(lambda picture: picture)
PRESSED = transforms.StraightThrough(lambda picture: transforms.jpeg(picture, 50))
WAYS: dict[str, Callable[[], transforms.Transform]] = {
    "unaware": lambda: NOTHING,
    "straight through": lambda: PRESSED,
    "ramp": lambda: SoftJpeg(50, np.ones_like),
    "bend": lambda: SoftJpeg(50, bend),
    "fixed table": lambda: SoftJpeg(50, always),
    "upside down": lambda: SoftJpeg(50, lambda heights: bend(heights + 0.5)),
    "hard cut": lambda: SoftJpeg(50, lambda heights: (bend(heights) > 3 / 16).astype(float)),
}
TRIALS = [(attack, 10, 1) for attack in WAYS]  # the attack, its steps and its epsilon
MORE = [("straight through", steps, epsilon) for steps, epsilon in ((1, 1), (3, 1), (20, 1), (100, 1), (10, 4))]
PAIRS = [*pairwise(WAYS), ("ramp", "fixed table")]
NO_WAVES = {"tipped": "", "wanted": ""}
THIRTY = {"EVIDENCE": images.EVIDENCE[:30], "HELD_OUT": images.HELD_OUT[:30]}


def attack_jpeg() -> Iterator[Row]:
    """GoogLeNet, with and without the filter, under every attack."""
    for group in THIRTY:
        yield from attack_set(load("GoogLeNet"), group)


def attack_set(model: Classifier, group: str) -> Iterator[Row]:
    """The photographs of one of the two sets."""
    names = THIRTY[group]
    photographs = load_all(names)
    right = first_answers(model, photographs)
    slopes = gradient_through(model, photographs, right, [PRESSED] * len(photographs))
    away: list[Objective] = [-Class(label) for label in right]
    trials = TRIALS + MORE * (group == "EVIDENCE")
    tossed = rounded(photographs + np.random.default_rng(0).choice([-1.0, 1.0], photographs.shape))
    ends = {("none", 0, 0): photographs, ("coin", 0, 1): tossed}
    for attack, steps, epsilon in tqdm(trials, desc=group):
        ways = [WAYS[attack]() for _ in photographs]
        gradient = partial(gradient_through, model, objectives=away, transforms=ways)
        ends[attack, steps, epsilon] = walk(photographs, gradient, epsilon=epsilon, steps=steps)
    for (attack, steps, epsilon), pictures in ends.items():
        for behind, filter_ in {"JPEG 50": PRESSED, "nothing": NOTHING}.items():
            if behind == "JPEG 50" or attack in ("none", "unaware"):
                answers = first_answers(model, map(filter_, pictures))
                for n, survives in enumerate(np.equal(answers, right)):
                    row: Row = {"set": group, "picture": names[n], "behind": behind, "attack": attack}
                    row |= {"steps": steps, "epsilon": epsilon, "survives": int(survives)}
                    usual = epsilon <= 1 and steps in (0, 10)
                    yield row | compare_waves(photographs[n], pictures[n], slopes[n]) if usual else row | NO_WAVES


def compare_waves(before: Picture, after: Picture, slope: Floats) -> Row:
    """The share of the brightness's waves that an attack tipped, and of these, the share that it tipped as `wanted`.

    That is the way that lowers the right answer, by its slope before the attack.
    """
    old, new = (np.rint(all_heights(picture, 50)[0]) for picture in (before, after))
    wanted = ((new - old) * in_waves(slope)[0] < 0)[new != old]
    return {"tipped": round(np.mean(new != old), 5), "wanted": round(wanted.sum() / max(wanted.size, 1), 5)}


def make_tables() -> list[str]:
    pairs = [({"attack": one}, {"attack": other}) for one, other in PAIRS]
    usual = [r for r in table("jpeg") if r["behind"] == "JPEG 50" and r["epsilon"] == 1 and r["steps"] in (0, 10)]
    return [
        tabulate(table("jpeg"), ["behind", "attack", "steps", "epsilon"], {"": count("survives")}, across=["set"]),
        compare_counts(usual, ["set"], pairs, counted=["survives"]),
        compare_counts(usual, [], pairs, counted=["survives"]),
        tabulate(usual, ["set", "attack"], {what: mean(what, 4) for what in ("tipped", "wanted")}),
    ]


if __name__ == "__main__":
    main(table, {"jpeg": attack_jpeg}, make_tables)
