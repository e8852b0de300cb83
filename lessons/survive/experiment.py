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

from collections.abc import Callable, Iterator

import numpy as np
from tqdm import tqdm

from lessons.survive import table
from lessons.survive.least import least
from lessons.survive.survival import ENOUGH, WAYS, left, shifted, soft
from tricknet import images
from tricknet.arrays import Picture
from tricknet.attacks import gradients, transforms
from tricknet.attacks.steps import walk
from tricknet.attacks.trick import trick
from tricknet.cases import Maker, main
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


def cases(model: Classifier, names: tuple[str, ...], seed: int) -> tuple[np.ndarray, list[int], list[int]]:
    """The photographs, the network's first answer to each, and another class at random to aim at."""
    photographs = np.stack([images.load(name) for name in names])
    first = [said.best.index for said in model.predict(list(photographs))]
    random = np.random.default_rng(seed)
    return photographs, first, [next(int(c) for c in random.permutation(1000) if c != answer) for answer in first]


def survival() -> Iterator[Row]:
    """Photographs from both sets, three pictures made from each; a batch of one set, then of the other."""
    model = GoogLeNet()
    found = {group: cases(model, names, seed) for seed, (group, names) in enumerate(SETS.items())}
    for i, group in tqdm([(i, group) for i in range(0, MANY, BATCH) for group in SETS], desc="batches"):
        everyone, answers, aims = found[group]
        photographs, first, targets = everyone[i : i + BATCH], answers[i : i + BATCH], aims[i : i + BATCH]
        made = {("plain", e, STEPS): plain(model, photographs, targets, e, STEPS) for e in (2, 8)}
        gradient_of = gradients.averaged(model, targets, copies=COPIES, seed=i)
        made["averaged", 8, STEPS * COPIES] = walk(photographs, gradient_of, epsilon=8, steps=STEPS)
        for (how, epsilon, passes), pictures in made.items():
            for name, picture, target, old in zip(SETS[group][i:], pictures, targets, first, strict=False):
                row: Row = {"set": group, "picture": name, "target": model.labels[target], "how": how}
                row |= {"epsilon": epsilon, "gradients": passes}
                yield row | seen(model, picture, target, old)


def unseen() -> Iterator[Row]:
    """Changes that no attack was trained on, on both sets: plain and averaged tricks, and the photographs."""
    model = GoogLeNet()
    for seed, (group, names) in enumerate(SETS.items()):
        everyone, answers, aims = cases(model, names, seed)
        for i in tqdm(range(0, MANY, BATCH), desc=f"unseen, {group}"):
            photographs, first, targets = everyone[i : i + BATCH], answers[i : i + BATCH], aims[i : i + BATCH]
            for how, pictures in at_equal_cost(model, photographs, targets, i).items():
                for name, before, after, target, old in zip(
                    names[i:], photographs, pictures, targets, first, strict=False
                ):
                    row: Row = {"set": group, "picture": name, "target": model.labels[target], "how": how}
                    yield row | judged(model, before, after, target, old)


def at_equal_cost(model: Classifier, photographs: np.ndarray, targets: list[int], seed: int) -> dict[str, np.ndarray]:
    """The photographs, and what 40 gradients make of them at epsilon 8: plain ones, and those on the mean."""
    gradient_of = gradients.averaged(model, targets, copies=COPIES, seed=seed)
    return {
        "photograph": photographs,
        "averaged": walk(photographs, gradient_of, epsilon=8, steps=STEPS),
        "plain": plain(model, photographs, targets, 8, STEPS * COPIES),
    }


def judged(model: Classifier, before: np.ndarray, after: np.ndarray, target: int, first: int) -> Row:
    """What the network sees after each change in UNSEEN, in each camera, and with the perturbation out of place."""
    shown = {"PNG": after} | {name: change(after) for name, change in UNSEEN.items()}
    shown |= {f"{name}, soft": soft(picture) for name, picture in list(shown.items())}
    shown |= {f"shifted {pixels}": shifted(before, after, pixels) for pixels in (1, 2, 4)}
    words = {target: "target", first: "first"}
    cells: Row = {name: words.get(a, "other") for name, a in zip(shown, ask(model, list(shown.values())), strict=True)}
    untouched = np.array_equal(before, after)
    for name, camera in CAMERAS.items():
        looks = [camera(after, np.random.default_rng(1000 + k)) for k in range(LOOKS)]
        cells[name] = ask(model, looks).count(first if untouched else target)
    for name in ("JPEG 95", "JPEG 85", "shrunk to 200", "cropped by 1 pixel"):
        cells[f"left {name}"] = 0 if untouched else round(left(WAYS[name], before, after), 4)
    return cells


def ask(model: Classifier, pictures: list[np.ndarray]) -> list[int]:
    """The network's first answer to each picture."""
    return [said.best.index for said in model.predict(pictures)]


def reasons() -> Iterator[Row]:
    """Plain tricks of EVIDENCE at epsilon 2: what half of one does, what a shift does, and what is left of it."""
    model = GoogLeNet()
    names = images.EVIDENCE[:MANY]
    photographs, _, targets = cases(model, names, 0)
    for i in tqdm(range(0, MANY, BATCH), desc="reasons"):
        made = plain(model, photographs[i : i + BATCH], targets[i : i + BATCH], 2, STEPS)
        for name, photograph, picture, target in zip(names[i:], photographs[i:], made, targets[i:], strict=False):
            perturbation = picture.astype(np.float32) - photograph
            shown = np.stack([photograph + s * perturbation for s in (1, 0.75, 0.5)])
            shown = np.concatenate([shown, [np.clip(photograph + np.roll(perturbation, 1, axis=1), 0, 255)]])
            hits = [int(said.best.index == target) for said in model.predict(list(shown))]
            row: Row = {"picture": name} | dict(zip(PARTS, hits, strict=True))
            yield row | {what: round(left(WAYS[what], photograph, picture), 4) for what in list(WAYS)[1:8]}


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
    names = images.EVIDENCE[:MANY]
    photographs, _, targets = cases(model, names, 0)
    works = np.zeros(len(names), dtype=int)
    for epsilon in tqdm(EPSILONS, desc="budgets"):
        missed = np.flatnonzero(works == 0)
        for i in (missed[at : at + BATCH] for at in range(0, len(missed), BATCH)):
            made = plain(model, photographs[i], [targets[j] for j in i], epsilon, STEPS)
            hit = [said.best.index == targets[j] for said, j in zip(model.predict(list(made)), i, strict=True)]
            works[i] = np.where(hit, epsilon, 0)
    for name, target, epsilon in zip(names, targets, works, strict=True):
        yield {"picture": name, "target": model.labels[target], "epsilon": int(epsilon)}


def plain(model: Classifier, photographs: np.ndarray, targets: list[int], epsilon: float, steps: int) -> np.ndarray:
    """What `trick` makes."""
    pairs = zip(photographs, targets, strict=True)
    return np.stack([trick(model, picture, target, epsilon=epsilon, steps=steps).after for picture, target in pairs])


def seen(model: Classifier, picture: np.ndarray, target: int, first: int) -> Row:
    """What the network sees after each transform."""
    words = {target: "target", first: "first"}
    after = np.stack([transform(picture) for transform in WAYS.values()])
    looks = np.stack([transforms.photographed(picture, np.random.default_rng(1000 + k)) for k in range(LOOKS)])
    answers = ask(model, [*after, *looks])
    cells: Row = {name: words.get(answer, "other") for name, answer in zip(WAYS, answers, strict=False)}
    return cells | {"photographed": answers[len(WAYS) :].count(target)}


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    trained, looks = [({"how": "averaged"}, {"how": "plain"})], f"in a camera: in at least {ENOUGH} of {LOOKS} shots"
    survived = long(holding("survival", [*WAYS, "photographed"]), [*WAYS, "photographed"])
    shots = [name for name in table("unseen")[0] if name not in ("set", "picture", "target", "how")]
    unseen = long(holding("unseen", shots), [name for name in shots if not name.startswith("left ")])
    remains = long((row for row in table("unseen") if row["how"] != "photograph"), [s for s in shots if "left " in s])
    needed = [row | {f"{e}": int(0 < row["epsilon"] <= e) for e in EPSILONS} for row in table("budgets")]
    return {
        "survival": [
            f"Pictures in which the target comes first ({looks}):",
            grouped(survived, ["change"], {"": count("value", "target")}, ["set", "how", "epsilon"]),
            "At epsilon 8 (the averaged ones take twice as many gradients):",
            paired([r for r in survived if r["epsilon"] == 8], ["set", "change"], trained, ["value", "target"]),
        ],
        "unseen": [
            f"Pictures in which the target comes first, and photographs that keep their first answer ({looks}):",
            grouped(unseen, ["change"], {"": count("value", "target")}, ["set", "how"]),
            paired([r for r in unseen if r["change"] in ONCE], ["set", "change"], trained, ["value", "target"]),
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
    """The rows of a table, in which cells say "target" where the picture holds, as in `survival.held`."""
    rows = []
    for row in table(name):
        good = ["first" if row["how"] == "photograph" else "target", *range(ENOUGH, LOOKS + 1)]
        rows.append(row | {shot: "target" if row[shot] in good else "other" for shot in shots})
    return rows


if __name__ == "__main__":
    makers: dict[str, Maker] = {"survival": survival, "unseen": unseen, "reasons": reasons, "reruns": reruns}
    main(__doc__, table, makers | {"budgets": budgets, "least": least}, shown)
