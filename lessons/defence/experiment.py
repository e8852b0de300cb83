"""What are defences worth?

    python -m lessons.defence.experiment [defences] [convergence] [slopes] [flags] [flags_held_out] [flags_square]
        [dice] [decisions]

defences: the network looks at pictures through a filter (none, JPEG 50, or a Gaussian blur of sigma 1). A photograph,
30 of EVIDENCE and 30 of HELD_OUT, stands if the network, so defended, still gives it its right answer. Attacked by
someone who does not know about the filter (ten momentum steps away from the right answer on the bare network, epsilon
1 and 4) and by someone who does (the same through the filter, epsilon 1 to 16). Of the second, only those that still
stand are attacked with the next budget: a smaller box lies inside a larger one. The gradient goes back through the
blur exactly, and straight through JPEG.
convergence: the informed attack on JPEG and EVIDENCE at epsilon 1, with 1, 3 and 20 steps in place of ten.
slopes: two slopes for JPEG at epsilon 1, ten steps each: straight through, and that of a rounding made
smooth (attacks/soft_jpeg.py).
flags: the four defences of the library at epsilon 4, each under the attack that its authors would make and under
one that knows it (ten steps that end at the first success), with the flags that each evaluation raises, on 30
photographs of EVIDENCE. Square has 100 queries. All of this was fixed before the first run, but for epsilon 128,
which took the place of 64.
flags_held_out: the same evaluations on 30 of HELD_OUT, without the flags.
flags_square: Square on the sharp softmax with epsilon 8 and 200 queries, added after `flags` had been seen.
dice: the informed attack on resize and pad with the mean of 20 draws, as in AutoAttack, in place of four.
decisions: like flags_square, but with 300 queries, and also with RayS, which needs no probabilities and gets as many.

Takes about an hour on one quiet core.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from lessons.defence import defences as library
from lessons.defence import table
from tricknet import images
from tricknet.attacks import transforms
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.queries import rays, square
from tricknet.attacks.soft_jpeg import SoftJpeg
from tricknet.attacks.steps import walk
from tricknet.cases import first_answers, load_all, main
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.squeezenet import SqueezeNet
from tricknet.report import count, grouped, long, paired

BLUR = transforms.blurring(1)
FILTERS: dict[str, transforms.Transform] = {
    "none": transforms.StraightThrough(lambda picture: picture),
    "JPEG 50": transforms.StraightThrough(lambda picture: transforms.jpeg(picture, 50)),
    "blur 1": BLUR,
}
BUDGETS = (1, 2, 4, 8, 16)
UNAWARE = (1, 4)
SETS = {"EVIDENCE": images.EVIDENCE[:30], "HELD_OUT": images.HELD_OUT[:30]}
BATCH = 10
QUERIES = 300  # of `decisions`
EPSILON = 4  # of `flags`: what RobustBench gives attacks on ImageNet


def defences() -> Iterator[Row]:
    """Every filter under every attack, at every budget."""
    model = GoogLeNet()
    for group, names in SETS.items():
        photographs = load_all(names)
        right = first_answers(model, photographs)
        untouched = {defence: stands(model, photographs, right, filter_) for defence, filter_ in FILTERS.items()}
        for defence, stood in untouched.items():
            yield from rows(group, names, defence, "none", {0: stood})
        bare = FILTERS["none"]
        unaware = {e: attacked(model, photographs, right, bare, e) for e in tqdm(UNAWARE, desc=f"{group}, unaware")}
        for defence, filter_ in FILTERS.items():
            left = {e: stands(model, pictures, right, filter_) for e, pictures in unaware.items()}
            yield from rows(group, names, defence, "unaware", left)
        for defence in ("JPEG 50", "blur 1"):
            way, alive, left = FILTERS[defence], untouched[defence].copy(), {}
            for epsilon in tqdm(BUDGETS, desc=f"{group}, {defence}, adaptive"):
                still = np.flatnonzero(alive)
                if len(still):
                    answers = [right[i] for i in still]
                    pictures = attacked(model, photographs[still], answers, way, epsilon)
                    alive[still] = stands(model, pictures, answers, way)
                left[epsilon] = alive.copy()
            yield from rows(group, names, defence, "adaptive", left)


def convergence() -> Iterator[Row]:
    """The informed attack on JPEG with few and with many steps."""
    model, names, way = GoogLeNet(), SETS["EVIDENCE"], FILTERS["JPEG 50"]
    photographs = load_all(names)
    right = first_answers(model, photographs)
    for steps in tqdm((1, 3, 20), desc="convergence"):
        left = stands(model, attacked(model, photographs, right, way, 1, steps), right, way)
        for row in rows("EVIDENCE", names, "JPEG 50", "adaptive", {1: left}):
            yield row | {"steps": steps}


def slopes() -> Iterator[Row]:
    """The informed attack on JPEG along two slopes that stand in for its own."""
    model = GoogLeNet()
    for group, names in SETS.items():
        for name, photograph, right in each(model, names):
            for slope, way in {"straight through": FILTERS["JPEG 50"], "smooth rounding": SoftJpeg(50)}.items():
                moved = attacked(model, photograph[None], [right], way, 1)
                (stand,) = stands(model, moved, [right], FILTERS["JPEG 50"])
                yield {"set": group, "picture": name, "slope": slope, "stands": int(stand)}


def flags() -> Iterator[Row]:
    """Every defence under its authors' attack and under an informed one, and what each evaluation missed."""
    other = SqueezeNet()
    for defended, photograph, right, claimed, row in evaluations(SETS["EVIDENCE"]):
        raised = library.flags(defended, photograph, right, epsilon=EPSILON, claimed=claimed, other=other)
        yield row | {flag: int(is_up) for flag, is_up in raised.items()}


def flags_held_out() -> Iterator[Row]:
    """The same evaluations on other photographs, without the flags."""
    for *_, row in evaluations(SETS["HELD_OUT"]):
        yield row


def flags_square() -> Iterator[Row]:
    """Square alone, with more queries in a larger box, on the sharp softmax as its authors evaluate it."""
    model = GoogLeNet()
    fake, _ = library.four_defences(model)["sharp softmax"]
    for name, photograph, right in each(model, SETS["EVIDENCE"]):
        search = square(fake.ask, photograph, right, epsilon=8, queries=200, less_like=True)
        yield {"picture": name, "falls": int(search.fooled), "queries": search.queries}


def dice() -> Iterator[Row]:
    """Does a mean over more draws help the attack on a defence with dice?"""
    model = GoogLeNet()
    for name, photograph, right in each(model, SETS["EVIDENCE"]):
        defended = replace(library.four_defences(model)["resize and pad"][1], copies=20)
        claimed = library.attacked(defended, photograph, right, epsilon=EPSILON)
        yield {"picture": name, "stands": int(not defended.falls(claimed, right))}


def decisions() -> Iterator[Row]:
    """Square, and an attack that needs nothing but the answers, on the sharp softmax as its authors evaluate it."""
    model = GoogLeNet()
    fake, _ = library.four_defences(model)["sharp softmax"]
    for name, photograph, right in each(model, SETS["EVIDENCE"]):
        squares = square(fake.ask, photograph, right, epsilon=8, queries=QUERIES, less_like=True)
        search = rays(fake.ask, photograph, right, epsilon=8, queries=QUERIES)
        yield {
            "picture": name,
            "falls": int(search.history[-1] >= -8),
            "queries": search.queries,
            "at": round(-search.history[-1], 2),
            "square falls": int(squares.fooled),
        }


def each(model: Classifier, names: tuple[str, ...]) -> Iterator[tuple[str, np.ndarray, int]]:
    """(name, photograph, right answer), behind a progress bar."""
    for name in tqdm(names):
        photograph = images.load(name)
        yield name, photograph, model.predict(photograph).best.index


def evaluations(names: tuple[str, ...]) -> Iterator[tuple[library.Defended, np.ndarray, int, np.ndarray, Row]]:
    """(defence, photograph, right answer, where the attack ended, row) for all photographs, defences and attacks."""
    model = GoogLeNet()
    for name, photograph, right in each(model, names):
        for defence, both in library.four_defences(model).items():  # made anew, and with them their dice
            for attack, defended in zip(("authors", "informed"), both, strict=True):
                row: Row = {"picture": name, "defence": defence, "attack": attack}
                row["untouched"] = int(not defended.falls(photograph, right))
                claimed = library.attacked(defended, photograph, right, epsilon=EPSILON)
                row["stands"] = int(not defended.falls(claimed, right))
                yield defended, photograph, right, claimed, row


def attacked(
    model: Classifier,
    photographs: np.ndarray,
    right: list[int],
    way: transforms.Transform,
    epsilon: int,
    steps: int = 10,
) -> np.ndarray:
    """Photographs moved away from their right answers, by gradients that come back through `way`."""
    done = []
    for i in range(0, len(photographs), BATCH):
        some, answers = photographs[i : i + BATCH], right[i : i + BATCH]

        def downhill(pictures: np.ndarray, answers: list[int] = answers) -> np.ndarray:
            return -gradient_through(model, pictures, answers, [way] * len(pictures))

        done.append(walk(some, downhill, epsilon=epsilon, steps=steps))
    return np.concatenate(done)


def stands(model: Classifier, pictures: np.ndarray, right: list[int], filter_: transforms.Transform) -> np.ndarray:
    """Which of the pictures still get their right answer through the filter?"""
    return np.equal(first_answers(model, map(filter_, pictures)), right)


def rows(group: str, names: tuple[str, ...], defence: str, attack: str, left: dict[int, np.ndarray]) -> Iterator[Row]:
    """One row for each budget and picture."""
    for epsilon, stood in left.items():
        for name, stand in zip(names, stood, strict=True):
            row: Row = {"set": group, "picture": name, "defence": defence, "attack": attack, "epsilon": epsilon}
            yield row | {"stands": int(stand)}


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    filtered, steps = table("defences"), table("convergence")
    ten = [row | {"steps": 10} for row in filtered if row["attack"] == "adaptive" and row["epsilon"] == 1]
    steps += [row for row in ten if (row["set"], row["defence"]) == ("EVIDENCE", "JPEG 50")]
    steps.sort(key=lambda row: row["steps"])
    both = [row for row in filtered if row["epsilon"] in UNAWARE]
    measured, authors = table("flags"), [({"attack": "authors"}, {"attack": "informed"})]
    raised, two_slopes = list(measured[0])[3:], [({"slope": "straight through"}, {"slope": "smooth rounding"})]
    informed = [row for row in measured if (row["defence"], row["attack"]) == ("resize and pad", "informed")]
    draws = [row | {"draws": 20} for row in table("dice")] + [row | {"draws": 4} for row in informed]
    asked = [
        row | {"falls": int(row["falls"] and row["queries"] <= n), "attack": f"RayS, {n}"}
        for row in table("decisions")
        for n in (200, QUERIES)
    ]
    asked += [row | {"falls": row["square falls"], "attack": f"Square, {QUERIES}"} for row in table("decisions")]
    asked += [row | {"attack": "Square, 200"} for row in table("flags_square")]
    duels = [({"attack": f"RayS, {n}"}, {"attack": f"Square, {n}"}) for n in (200, QUERIES)]
    return {
        "defences": [
            "Photographs that stand:",
            grouped(filtered, ["defence", "attack", "epsilon"], {"": count("stands")}, ["set"]),
            "The attacker who does not know against the one who does:",
            paired(both, ["set", "defence", "epsilon"], [({"attack": "unaware"}, {"attack": "adaptive"})], ["stands"]),
        ],
        "convergence": ["Photographs that stand:", grouped(steps, ["steps"], {"stands": count("stands")})],
        "slopes": [
            "Photographs that stand:",
            grouped(table("slopes"), ["slope"], {"": count("stands")}, ["set"]),
            paired(table("slopes"), ["set"], two_slopes, ["stands"]),
        ],
        "flags": [
            "Photographs that are right (untouched), that stand, and on which each flag goes up:",
            grouped(long(measured, raised), ["defence", "attack"], {"": count("value")}, ["change"]),
            paired(measured, ["defence"], authors, ["stands"]),
        ],
        "flags_held_out": [
            "Photographs that are right (untouched), and that stand:",
            grouped(table("flags_held_out"), ["defence", "attack"], {name: count(name) for name in raised[:2]}),
            paired(table("flags_held_out"), ["defence"], authors, ["stands"]),
        ],
        "flags_square": ["Photographs that fall:", grouped(table("flags_square"), [], {"falls": count("falls")})],
        "dice": [
            "Photographs that stand:",
            grouped(draws, ["draws"], {"stands": count("stands")}),
            paired(draws, [], [({"draws": 20}, {"draws": 4})], ["stands"]),
        ],
        "decisions": [
            "Photographs that fall, by the attack and its queries:",
            grouped(asked, ["attack"], {"falls": count("falls")}),
            paired(asked, [], duels, ["falls"]),
        ],
    }


if __name__ == "__main__":
    makers = (defences, convergence, slopes, flags, flags_held_out, flags_square, dice, decisions)
    main(__doc__, table, {maker.__name__: maker for maker in makers}, shown)
