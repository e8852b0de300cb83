"""Which tricks survive what?

    python -m lessons.survive.experiment [survival] [unseen] [reasons] [reruns] [budgets] [least]

survival: 30 photographs of EVIDENCE and 30 of HELD_OUT become a random class, by plain steps (20 gradients, epsilon 2
and 8) and by steps on the mean over two random transforms (40 gradients, epsilon 8). Each result goes through
`WAYS` and eight times through `transforms.photographed`. A cell says whether the network sees the target, its
first answer, or something else; "photographed" is in how many of eight it saw the target.
unseen: photographs of both sets become a random class at epsilon 8, by 40 plain gradients and by 40 on the mean over
random transforms. These pictures, and the photograph as it is, go through `UNSEEN`, none of which any attack has drawn,
and eight times through each of `CAMERAS`; "soft" is a soft lens after the change. Cells are as in survival, but for the
photograph the cameras count its first answer. The perturbations are also shifted to the right by a few pixels, and
measured as in reasons.
reasons: for the plain pictures of EVIDENCE at epsilon 2, whether three quarters or half of the perturbation still reach
the target, or all of it when it is shifted to the right by a pixel; and how much of it is left after each transform:
the part of the perturbation afterwards that points along the perturbation before, as a share of the latter.
reruns: the panda as a vulture, six times at epsilon 4 and at epsilon 8, each time with other random transforms.
budgets: the first of the epsilons 1, 2, 3, 4, 6 and 8 at which 20 plain steps reach the target, or 0 for none.
least: how small can a change be in L2, in pixel values? On ten photographs of HELD_OUT, with a random class each (none
of the network's first five answers), every attack takes 100 gradients and has no budget. The nearest hit that the
network was shown, in whole numbers, counts. (Other libraries' attacks need what benchmarks/peers.py needs.)

Takes about half an hour on one quiet core; the tables can be made one at a time, and Ctrl-C keeps what is done.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lessons.survive import table
from lessons.survive.least import least
from lessons.survive.survival import ENOUGH, WAYS, holds, left, shifted, soft
from tricknet import images
from tricknet.arrays import Picture, Pictures
from tricknet.attacks import gradients, transforms
from tricknet.attacks.steps import walk
from tricknet.attacks.trick import trick
from tricknet.cases import Maker, first_answers, load_all, main
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.report import count, grouped, long, mean, median, paired
from tricknet.unseen import UNSEEN, another_camera

CAMERAS: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "photographed": transforms.photographed,
    "another camera": another_camera,
    "another camera, soft": lambda picture, random: soft(another_camera(picture, random)),
}
ONCE = (*UNSEEN, *CAMERAS)  # each change or camera by itself
PARTS = ("all", "three quarters", "half", "shifted")
EPSILONS = (1, 2, 3, 4, 6, 8)  # of `budgets`
LOOKS = 8  # how often each picture is photographed
COPIES, STEPS = 2, 20  # of the steps on the mean: 40 gradients
MANY = 30  # photographs of each set
BATCH = 5  # photographs at a time
SETS = {"EVIDENCE": images.EVIDENCE[:MANY], "HELD_OUT": images.HELD_OUT[:MANY]}


class Case(NamedTuple):
    """A photograph, the network's first answer to it, and another class, at random, to aim at."""

    name: str
    photograph: Picture
    first: int
    target: int


def cases(model: Classifier, group: str) -> list[Case]:
    """The photographs of a set."""
    names, random = SETS[group], np.random.default_rng(list(SETS).index(group))
    photographs = load_all(names)
    first = first_answers(model, photographs)
    targets = [next(int(c) for c in random.permutation(1000) if c != answer) for answer in first]
    return list(map(Case, names, photographs, first, targets))


def batches(model: Classifier, group: str) -> Iterator[tuple[int, tuple[Case, ...]]]:
    """(seed, some cases of a set), behind a progress bar."""
    for number, some in enumerate(batched(tqdm(cases(model, group), desc=group), BATCH, strict=False)):
        yield number * BATCH, some


def survival() -> Iterator[Row]:
    """Photographs from both sets, three pictures made from each."""
    model = GoogLeNet()
    for group in SETS:
        for seed, some in batches(model, group):
            tricks = {("plain", epsilon, STEPS): plain(model, some, epsilon, STEPS) for epsilon in (2, 8)}
            tricks["averaged", 8, STEPS * COPIES] = averaged(model, some, seed)
            for (how, epsilon, passes), pictures in tricks.items():
                for case, picture in zip(some, pictures, strict=True):
                    row: Row = {"set": group, "picture": case.name, "target": model.labels[case.target], "how": how}
                    row |= {"epsilon": epsilon, "gradients": passes}
                    yield row | seen(model, picture, case.target, case.first)


def unseen() -> Iterator[Row]:
    """Changes that no attack was trained on, on both sets: plain and averaged tricks, and the photographs."""
    model = GoogLeNet()
    for group in SETS:
        for seed, some in batches(model, group):
            for how, pictures in at_equal_cost(model, some, seed).items():
                for case, picture in zip(some, pictures, strict=True):
                    row: Row = {"set": group, "picture": case.name, "target": model.labels[case.target], "how": how}
                    yield row | judged(model, case, picture)


def at_equal_cost(model: Classifier, some: Sequence[Case], seed: int) -> dict[str, Pictures]:
    """The photographs, and what 40 gradients make of them at epsilon 8: plain ones, and those on the mean."""
    return {
        "photograph": np.stack([case.photograph for case in some]),
        "averaged": averaged(model, some, seed),
        "plain": plain(model, some, 8, STEPS * COPIES),
    }


def averaged(model: Classifier, some: Sequence[Case], seed: int) -> Pictures:
    """Steps on the mean of random transforms, at epsilon 8."""
    gradient_of = gradients.averaged(model, [case.target for case in some], copies=COPIES, seed=seed)
    return walk(np.stack([case.photograph for case in some]), gradient_of, epsilon=8, steps=STEPS)


def plain(model: Classifier, some: Sequence[Case], epsilon: float, steps: int) -> Pictures:
    """What `trick` makes, one by one."""
    return np.stack([trick(model, c.photograph, c.target, epsilon=epsilon, steps=steps).after for c in some])


def judged(model: Classifier, case: Case, after: Picture) -> Row:
    """What the network sees after each change in UNSEEN, in each camera, and with the perturbation out of place."""
    before, untouched = case.photograph, np.array_equal(case.photograph, after)
    pictures = {"PNG": after} | {name: change(after) for name, change in UNSEEN.items()}
    pictures |= {f"{name}, soft": soft(picture) for name, picture in list(pictures.items())}
    pictures |= {f"shifted {pixels}": shifted(before, after, pixels) for pixels in (1, 2, 4)}
    words, answers = {case.target: "target", case.first: "first"}, first_answers(model, pictures.values())
    cells: Row = {name: words.get(answer, "other") for name, answer in zip(pictures, answers, strict=True)}
    for name, camera in CAMERAS.items():
        looks = [camera(after, np.random.default_rng(1000 + k)) for k in range(LOOKS)]
        cells[name] = first_answers(model, looks).count(case.first if untouched else case.target)
    for name in ("JPEG 95", "JPEG 85", "shrunk to 200", "cropped by 1 pixel"):
        cells[f"left {name}"] = 0 if untouched else round(left(WAYS[name], before, after), 4)
    return cells


def reasons() -> Iterator[Row]:
    """Plain tricks of EVIDENCE at epsilon 2: what half of one does, what a shift does, and what is left of it."""
    model = GoogLeNet()
    for name, photograph, _, target in tqdm(cases(model, "EVIDENCE"), desc="reasons"):
        result = trick(model, photograph, target, epsilon=2, steps=STEPS)
        perturbation = result.perturbation.astype(np.float32)
        parts = [photograph + share * perturbation for share in (1, 0.75, 0.5)]
        parts.append(np.clip(photograph + np.roll(perturbation, 1, axis=1), 0, 255))
        hits = [int(answer == target) for answer in first_answers(model, parts)]
        row: Row = {"picture": name} | dict(zip(PARTS, hits, strict=True))
        yield row | {what: round(left(WAYS[what], photograph, result.after), 4) for what in list(WAYS)[1:8]}


def reruns() -> Iterator[Row]:
    """The panda as a vulture by steps on the mean, six times at two budgets."""
    model = GoogLeNet()
    panda = images.load("panda")
    vulture, first = model.labels.find("vulture"), model.predict(panda).best.index
    for epsilon in (4, 8):
        for seed in tqdm(range(6), desc=f"epsilon {epsilon}"):
            gradient_of = gradients.averaged(model, [vulture], copies=COPIES, seed=seed)
            (picture,) = walk(panda[None], gradient_of, epsilon=epsilon, steps=STEPS)
            row: Row = {"epsilon": epsilon, "seed": seed, "as it is": round(model.predict(picture)["vulture"], 4)}
            yield row | seen(model, picture, vulture, first)


def budgets() -> Iterator[Row]:
    """The first budget that works, for the same photographs of EVIDENCE and the same targets as in `survival`."""
    model = GoogLeNet()
    for name, photograph, _, target in tqdm(cases(model, "EVIDENCE"), desc="budgets"):
        tricks = (trick(model, photograph, target, epsilon=epsilon, steps=STEPS) for epsilon in EPSILONS)
        works = (epsilon for epsilon, result in zip(EPSILONS, tricks, strict=True) if result.fooled)
        yield {"picture": name, "target": model.labels[target], "epsilon": next(works, 0)}


def seen(model: Classifier, picture: Picture, target: int, first: int) -> Row:
    """What the network sees after each transform."""
    words = {target: "target", first: "first"}
    after = [change(picture) for change in WAYS.values()]
    looks = [transforms.photographed(picture, np.random.default_rng(1000 + k)) for k in range(LOOKS)]
    answers = first_answers(model, [*after, *looks])
    cells: Row = {name: words.get(answer, "other") for name, answer in zip(WAYS, answers, strict=False)}
    return cells | {"photographed": answers[len(WAYS) :].count(target)}


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    trained, looks = [({"how": "averaged"}, {"how": "plain"})], f"in a camera: in at least {ENOUGH} of {LOOKS} shots"
    survived = holding("survival", [*WAYS, "photographed"])
    columns = list(table("unseen")[0])[4:]
    unseen = holding("unseen", [name for name in columns if not name.startswith("left ")])
    remains = [row for row in table("unseen") if row["how"] != "photograph"]
    remains = long(remains, [name for name in columns if name.startswith("left ")])
    needed = [row | {f"{e}": int(0 < row["epsilon"] <= e) for e in EPSILONS} for row in table("budgets")]
    return {
        "survival": [
            f"Pictures in which the target comes first ({looks}):",
            grouped(survived, ["change"], {"": count("value")}, ["set", "how", "epsilon"]),
            "At epsilon 8 (the averaged ones take twice as many gradients):",
            paired([r for r in survived if r["epsilon"] == 8], ["set", "change"], trained, ["value"]),
        ],
        "unseen": [
            f"Pictures in which the target comes first, and photographs that keep their first answer ({looks}):",
            grouped(unseen, ["change"], {"": count("value")}, ["set", "how"]),
            paired([r for r in unseen if r["change"] in ONCE], ["set", "change"], trained, ["value"]),
            "The share of the perturbation that is left in its place:",
            grouped(remains, ["change"], {"": mean("value")}, ["set", "how"]),
        ],
        "reasons": [
            "Pictures in which the target comes first, with so much of the perturbation:",
            grouped(long(table("reasons"), PARTS, "part"), ["part"], {"target": count("value")}),
            "The share of the perturbation that is left in its place:",
            grouped(long(table("reasons"), list(WAYS)[1:8]), ["change"], {"left": mean("value")}),
        ],
        "reruns": [
            f"The probability of a vulture, and in how many of {LOOKS} shots it comes first, with the six runs' ends:",
            grouped(table("reruns"), ["epsilon"], {name: median(name, 2) for name in ("as it is", "photographed")}),
            "Runs in which the vulture comes first:",
            grouped(long(table("reruns"), WAYS), ["change"], {"": count("value", "target")}, ["epsilon"]),
        ],
        "budgets": [
            "Photographs that have become the target at this epsilon, or at a smaller one:",
            grouped(long(needed, map(str, EPSILONS), "epsilon"), ["epsilon"], {"target": count("value")}),
        ],
        "least": [
            "Photographs that become their target, and the distances:",
            grouped(table("least"), ["method"], {"target": count("hit"), "L2": median("l2")}),
        ],
    }


def holding(name: str, shots: list[str]) -> list[Row]:
    """A row for each of these changes and each row of a table: is the value what holds, as in `survival.held`?"""
    return [row | {"value": int(holds(row, row["change"]))} for row in long(table(name), shots)]


if __name__ == "__main__":
    makers: dict[str, Maker] = {"survival": survival, "unseen": unseen, "reasons": reasons, "reruns": reruns}
    main(__doc__, table, makers | {"budgets": budgets, "least": least}, shown)
