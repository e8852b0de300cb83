"""Evidence for lesson 14, Is this defence real?

Fixed before the first run: 30 photographs of each set, and a control for each word of "the bend takes the vote from
waves that can't be tipped". The same slopes are handed out to other waves of the square, and to the same waves of other
squares, by a permutation for each photograph. The bend leaves fewer than either by a paired test after Holm (p < 0.05)
in both sets, or the lesson does not say so. The coin is one toss per value.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from evidence.cases import main
from evidence.report import compare_counts, count, mean, tabulate
from lessons.defence import table
from lessons.defence.soft_jpeg import BLOCK, SoftJpeg, bend, heights, in_waves
from tricknet import Class, Objective, images, load
from tricknet.arrays import Doubles, Floats, Picture, rounded
from tricknet.attacks import transforms
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers


def shuffled(axis: int, seed: int) -> Callable[[Doubles], Doubles]:
    """A control: the bend's slopes, on other waves of the same square (axis 1), or of other squares (axis 0)."""

    def slope(heights: Doubles) -> Doubles:
        slopes = np.random.default_rng(seed).permuted(bend(heights).reshape(-1, BLOCK**2), axis=axis)
        return slopes.reshape(heights.shape)

    return slope


NOTHING = transforms.StraightThrough(lambda picture: picture)
PRESSED = transforms.StraightThrough(lambda picture: transforms.jpeg(picture, 50))
WAYS: dict[str, Callable[[int], transforms.Transform]] = {
    "unaware": lambda _: NOTHING,
    "straight through": lambda _: PRESSED,
    "ramp": lambda _: SoftJpeg(50, np.ones_like),
    "bend": lambda _: SoftJpeg(50, bend),
    "bend, other waves": lambda number: SoftJpeg(50, shuffled(1, number)),
    "bend, other squares": lambda number: SoftJpeg(50, shuffled(0, number)),
}
TRIALS = [(attack, 10, 1) for attack in WAYS]  # the attack, its steps and its epsilon
MORE = [("straight through", steps, epsilon) for steps, epsilon in ((1, 1), (3, 1), (20, 1), (100, 1), (10, 4))]
NO_WAVES = {"tipped": "", "wanted": ""}
THIRTY = {"EVIDENCE": images.EVIDENCE[:30], "HELD_OUT": images.HELD_OUT[:30]}


def attack_jpeg() -> Iterator[Row]:
    """GoogLeNet, with and without the filter, under every attack."""
    model = load("GoogLeNet")
    for group, names in THIRTY.items():
        photographs = load_all(names)
        right = first_answers(model, photographs)
        slopes = gradient_through(model, photographs, right, [PRESSED] * len(photographs))
        away: list[Objective] = [-Class(label) for label in right]
        trials = TRIALS + MORE * (group == "EVIDENCE")
        tossed = rounded(photographs + np.random.default_rng(0).choice([-1.0, 1.0], photographs.shape))
        ends = {("none", 0, 0): photographs, ("coin", 0, 1): tossed}
        for attack, steps, epsilon in tqdm(trials, desc=group):
            ways = [WAYS[attack](number) for number in range(len(photographs))]
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
    old, new = (np.rint(heights(picture, 50)[0]) for picture in (before, after))
    wanted = ((new - old) * in_waves(slope)[0] < 0)[new != old]
    return {"tipped": round(np.mean(new != old), 5), "wanted": round(wanted.sum() / max(wanted.size, 1), 5)}


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    pairs = [({"attack": one}, {"attack": other}) for one, other in pairwise(WAYS)]
    pairs += [({"attack": "bend"}, {"attack": "bend, other squares"})]
    usual = [r for r in table("jpeg") if r["behind"] == "JPEG 50" and r["epsilon"] == 1 and r["steps"] in (0, 10)]
    return [
        tabulate(table("jpeg"), ["behind", "attack", "steps", "epsilon"], {"": count("survives")}, across=["set"]),
        compare_counts(usual, ["set"], pairs, counted=["survives"]),
        tabulate(usual, ["set", "attack"], {what: mean(what, 4) for what in ("tipped", "wanted")}),
    ]


if __name__ == "__main__":
    main(table, {"jpeg": attack_jpeg}, make_tables)
