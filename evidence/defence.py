"""Evidence for lesson 14, Is this defence real?

Fixed before the first run: 30 photographs of each set, and a control for each word of "the bend takes the vote from
waves that can't be tipped". The same slopes are handed out to other waves of the square, and to the same waves of other
squares, by a permutation for each photograph. The bend leaves fewer than either by a paired test after Holm (p < 0.05)
in both sets, or the lesson does not say so. The coin is one toss per value. The league meets the first 15 photographs
of EVIDENCE, and its budget is the largest of 1, 2 and 4 at which the unaware attack breaks fewer than half of them for
each team, and an adaptive one 80%.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count as count_up
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from evidence.cases import main
from evidence.report import compare_counts, count, mean, tabulate
from lessons.defence import table
from lessons.defence.league import SIGMA, league, shades
from lessons.defence.soft_jpeg import BLOCK, SoftJpeg, bend, heights, in_waves
from tricknet import Class, Classifier, Objective, images, load
from tricknet.arrays import Doubles, Floats, Picture, Pictures, rounded
from tricknet.attacks import transforms
from tricknet.attacks.attack import asking
from tricknet.attacks.gradients import averaged, gradient_through
from tricknet.attacks.queries import square
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers
from tricknet.networks.objectives import Target


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
THIRTY = {"EVIDENCE": images.EVIDENCE[:30], "HELD_OUT": images.HELD_OUT[:30]}


def attack_jpeg() -> Iterator[Row]:
    """GoogLeNet, with and without the filter, under every attack."""
    model = load("GoogLeNet")
    for group, names in THIRTY.items():
        photographs = load_all(names)
        right = first_answers(model, photographs)
        slopes = gradient_through(model, photographs, right, [PRESSED] * len(photographs))
        trials = TRIALS + MORE * (group == "EVIDENCE")
        ends = {("none", 0, 0): photographs, ("coin", 0, 1): np.stack(list(map(toss, photographs, count_up())))}
        ends |= {trial: attack_through(model, photographs, right, *trial) for trial in tqdm(trials, desc=group)}
        for (attack, steps, epsilon), pictures in ends.items():
            for behind, filter_ in {"JPEG 50": PRESSED, "nothing": NOTHING}.items():
                if behind == "JPEG 50" or attack in ("none", "unaware"):
                    answers = first_answers(model, map(filter_, pictures))
                    for n, survives in enumerate(np.equal(answers, right)):
                        row: Row = {"set": group, "picture": names[n], "behind": behind, "attack": attack}
                        row |= {"steps": steps, "epsilon": epsilon, "survives": int(survives)}
                        yield row | compare_waves(photographs[n], pictures[n], slopes[n])


def toss(picture: Picture, seed: int) -> Picture:
    """Each value up or down by 1, by a coin."""
    return rounded(picture + np.random.default_rng(seed).choice([-1.0, 1.0], picture.shape))


def compare_waves(before: Picture, after: Picture, slope: Floats) -> Row:
    """What an attack did behind JPEG: the mean change of a value, and the waves of the brightness that it tipped.

    wanted: the share of these whose tipping lowers the right answer, by its slope before the attack. near, middle: how
    far (in steps) a wave was moved before the rounding, if it began nearer to an edge or to the middle of its step.
    """
    old, new = (heights(picture, 50)[0] for picture in (before, after))
    tipped, moved = np.rint(new) - np.rint(old), np.abs(new - old)
    near = np.abs(old - np.rint(old)) > 0.25
    change = np.abs(PRESSED(after).astype(float) - PRESSED(before)).mean()
    wanted = (tipped * in_waves(slope)[0] < 0)[tipped != 0]
    found = {"changed": change, "tipped": (tipped != 0).mean(), "wanted": wanted.mean() if wanted.size else 0.5}
    return {
        key: round(float(value), 5)
        for key, value in (found | {"near": moved[near].mean(), "middle": moved[~near].mean()}).items()
    }


def attack_through(
    model: Classifier, photographs: Pictures, right: Sequence[int], attack: str, steps: int, epsilon: int
) -> Pictures:
    """Photographs moved away from their right answers, by gradients that come back through the attack's filter."""
    ways = [WAYS[attack](number) for number in range(len(photographs))]
    return walk(photographs, lambda x: -gradient_through(model, x, right, ways), epsilon=epsilon, steps=steps)


def attack_by_queries() -> Iterator[Row]:
    """An attack that needs no gradient, on the same defence."""
    model = load("GoogLeNet")

    def ask(pictures: Pictures) -> Floats:
        return asking(model)(np.stack([PRESSED(picture) for picture in pictures]))

    for name in tqdm(THIRTY["EVIDENCE"]):
        photograph = images.load(name)
        right = model.predict(photograph).best.index
        search = square(ask, photograph, right, epsilon=4, queries=100, less_like=True)
        yield {"picture": name, "survives": int(not search.fooled)}


def attack_league() -> Iterator[Row]:
    """Each team of the league, attacked on the bare network, and by somebody who knows the team."""
    model, names = load("GoogLeNet"), THIRTY["EVIDENCE"][:15]
    photographs, teams = load_all(names), league(model)
    right = first_answers(model, photographs)
    rivals = [prediction.top(2)[1].index for prediction in model.predict(list(photographs))]
    coarse = transforms.StraightThrough(shades)
    draw = lambda random: transforms.InTurn((transforms.Noise(random, SIGMA), coarse))  # noqa: E731

    def through(way: transforms.Transform, aims: Sequence[Objective | Target]) -> Callable[[Floats], Floats]:
        return lambda x: gradient_through(model, x, aims, [way] * len(x))

    away = [-Class(label) for label in right]
    both = [through(way, rivals) for way in (NOTHING, PRESSED)]
    unaware = through(NOTHING, away)
    aware = {
        "eight shades": through(coarse, away),
        "noise": averaged(model, away, copies=4, draw=draw),
        "watchman": lambda x: both[0](x) + both[1](x),
    }
    for epsilon in (1, 2, 4):
        for attack, of_team in {"unaware": dict.fromkeys(aware, unaware), "adaptive": aware}.items():
            ends = {up: walk(photographs, up, epsilon=epsilon, steps=10) for up in of_team.values()}
            for team, up in of_team.items():
                for name, picture, label in zip(names, ends[up], right, strict=True):
                    row: Row = {"team": team, "attack": attack, "epsilon": epsilon, "picture": name}
                    yield row | {"falls": int(teams[team].falls(picture, label))}


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    pairs = [({"attack": one}, {"attack": other}) for one, other in pairwise(WAYS)]
    pairs += [({"attack": "bend"}, {"attack": "bend, other squares"})]
    usual = [r for r in table("jpeg") if r["behind"] == "JPEG 50" and r["epsilon"] == 1 and r["steps"] in (0, 10)]
    waves = {what: mean(what, 3) for what in ("changed", "tipped", "wanted", "near", "middle")}
    falls = {"": count("falls")}
    return [
        tabulate(table("jpeg"), ["behind", "attack", "steps", "epsilon"], {"": count("survives")}, across=["set"]),
        compare_counts(usual, ["set"], pairs, counted=["survives"]),
        tabulate(usual, ["set", "attack"], waves),
        tabulate(table("asked"), [], {"survive": count("survives")}),
        tabulate(table("league"), ["team", "attack"], falls, across=["epsilon"]),
    ]


if __name__ == "__main__":
    main(table, {"jpeg": attack_jpeg, "asked": attack_by_queries, "league": attack_league}, make_tables)
