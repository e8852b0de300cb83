"""Which tricks survive what? Lesson 8's tables: survival.csv, reasons.csv, reruns.csv and smallest.csv.

    python -m benchmarks.lessons.survival [survival] [reasons] [reruns] [smallest]

survival: 30 photographs of EVIDENCE and 30 of HELD_OUT become a random class, by plain steps (20 gradients, epsilon 2
and 8) and by steps on the mean over two random transforms (40 gradients, epsilon 8). Each result goes through
`TRANSFORMS` and eight times through `transforms.photographed`. A cell says whether the network sees the target, its
first answer, or something else; "photographed" is in how many of eight it saw the target.
reasons: for the plain pictures of EVIDENCE at epsilon 2, whether three quarters or half of the perturbation still reach
the target, or all of it when it is shifted to the right by a pixel; and how much of it is left after each transform:
the part of the perturbation afterwards that points along the perturbation before, as a share of the latter.
reruns: the panda as a vulture, six times at epsilon 4 and at epsilon 8, each time with other random transforms.
smallest: the first of the budgets 1, 2, 3, 4, 6 and 8 at which 20 plain steps reach the target, or 0 for none.

Takes about fifteen minutes on one quiet core; the tables can be made one at a time, and Ctrl-C keeps what is done.
"""

from collections.abc import Callable, Iterator

import numpy as np
from tqdm import tqdm

from benchmarks.lessons.cases import asked_for, keep
from tricknet import images
from tricknet.attacks import gradients, transforms
from tricknet.attacks.steps import walk
from tricknet.attacks.trick import tricks
from tricknet.networks.classifier import Classifier, GoogLeNet

TRANSFORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "png": lambda p: p,
    "jpeg95": lambda p: transforms.jpeg(p, 95),
    "jpeg85": lambda p: transforms.jpeg(p, 85),
    "jpeg50": lambda p: transforms.jpeg(p, 50),
    "shrink200": lambda p: transforms.shrink(p, 200),
    "crop1": lambda p: transforms.crop(p, 1),
    "crop8": lambda p: transforms.crop(p, 8),
    "blur0.7": lambda p: transforms.blur(p, 0.7),
    "dark": lambda p: transforms.brighten(p, 0.8),
    "bright": lambda p: transforms.brighten(p, 1.2),
}
LOOKS = 8  # how often each picture is photographed
COPIES, STEPS = 2, 20  # of the steps on the mean: 40 gradients
MANY = 30  # photographs of each set
BATCH = 5  # photographs at a time

Row = dict[str, int | float | str]


def main() -> None:
    """Make the tables that the command line names, or all of them."""
    makers = {"survival": survival, "reasons": reasons, "reruns": reruns, "smallest": smallest}
    chosen = asked_for(__doc__, makers)
    model = GoogLeNet()
    for name in chosen:
        keep(name, makers[name](model))


def cases(model: Classifier, names: tuple[str, ...], seed: int) -> tuple[np.ndarray, list[int], list[int]]:
    """The photographs, the network's first answer to each, and another class at random to aim at."""
    photographs = np.stack([images.load(name) for name in names])
    first = [said.top(1)[0][0] for said in model.predict(photographs)]
    random = np.random.default_rng(seed)
    return photographs, first, [next(int(c) for c in random.permutation(1000) if c != answer) for answer in first]


def survival(model: Classifier) -> Iterator[Row]:
    """Photographs from both sets, three pictures made from each; a batch of one set, then of the other."""
    sets = {"EVIDENCE": images.EVIDENCE[:MANY], "HELD_OUT": images.HELD_OUT[:MANY]}
    found = {group: cases(model, names, seed) for seed, (group, names) in enumerate(sets.items())}
    for i, group in tqdm([(i, group) for i in range(0, MANY, BATCH) for group in sets], desc="batches"):
        everyone, answers, aims = found[group]
        photographs, first, targets = everyone[i : i + BATCH], answers[i : i + BATCH], aims[i : i + BATCH]
        made = {("plain", e, STEPS): plain(model, photographs, targets, e, STEPS) for e in (2, 8)}
        gradient_of = gradients.averaged(model, targets, copies=COPIES, seed=i)
        made["averaged", 8, STEPS * COPIES] = walk(photographs, gradient_of, epsilon=8, steps=STEPS)
        for (how, epsilon, passes), pictures in made.items():
            for name, picture, target, old in zip(sets[group][i:], pictures, targets, first, strict=False):
                row: Row = {"set": group, "picture": name, "target": model.labels[target], "how": how}
                row |= {"epsilon": epsilon, "gradients": passes}
                yield row | seen(model, picture, target, old)


def reasons(model: Classifier) -> Iterator[Row]:
    """Plain tricks of EVIDENCE at epsilon 2: what half of one does, what a shift does, and what is left of it."""
    names = images.EVIDENCE[:MANY]
    photographs, _, targets = cases(model, names, 0)
    for i in tqdm(range(0, MANY, BATCH), desc="reasons"):
        made = plain(model, photographs[i : i + BATCH], targets[i : i + BATCH], 2, STEPS)
        for name, photograph, picture, target in zip(names[i:], photographs[i:], made, targets[i:], strict=False):
            perturbation = picture.astype(np.float32) - photograph
            shown = np.stack([photograph + s * perturbation for s in (1, 0.75, 0.5)])
            shown = np.concatenate([shown, [np.clip(photograph + np.roll(perturbation, 1, axis=1), 0, 255)]])
            hits = [int(said.top(1)[0][0] == target) for said in model.predict(shown)]
            row: Row = {"picture": name} | dict(zip(("all", "three quarters", "half", "shifted"), hits, strict=True))
            yield row | {what: kept(TRANSFORMS[what], photograph, picture) for what in list(TRANSFORMS)[1:8]}


def kept(transform: Callable[[np.ndarray], np.ndarray], photograph: np.ndarray, picture: np.ndarray) -> float:
    """How much of a picture's perturbation is left after a transform: 1 for all of it, 0.5 for half."""
    before = picture.astype(np.float64) - photograph
    after = transform(picture).astype(np.float64) - transform(photograph)
    return round(float((after * before).sum() / (before**2).sum()), 4)


def reruns(model: Classifier) -> Iterator[Row]:
    """The panda as a vulture by steps on the mean, six times at two budgets."""
    panda = images.load("panda")
    vulture, first = model.labels.find("vulture"), model.predict(panda).top(1)[0][0]
    for epsilon in (4, 8):
        for seed in tqdm(range(6), desc=f"epsilon {epsilon}"):
            gradient_of = gradients.averaged(model, [vulture], copies=COPIES, seed=seed)
            (picture,) = walk(panda[None], gradient_of, epsilon=epsilon, steps=STEPS)
            row: Row = {"epsilon": epsilon, "seed": seed, "as it is": round(model.predict(picture)["vulture"], 4)}
            yield row | seen(model, picture, vulture, first)


def smallest(model: Classifier) -> Iterator[Row]:
    """The first budget that works, for the same photographs of EVIDENCE and the same targets as in `survival`."""
    names = images.EVIDENCE[:MANY]
    photographs, _, targets = cases(model, names, 0)
    works = np.zeros(len(names), dtype=int)
    for epsilon in tqdm((1, 2, 3, 4, 6, 8), desc="smallest"):
        left = np.flatnonzero(works == 0)
        for i in (left[at : at + BATCH] for at in range(0, len(left), BATCH)):
            made = plain(model, photographs[i], [targets[j] for j in i], epsilon, STEPS)
            hit = [said.top(1)[0][0] == targets[j] for said, j in zip(model.predict(made), i, strict=True)]
            works[i] = np.where(hit, epsilon, 0)
    for name, target, epsilon in zip(names, targets, works, strict=True):
        yield {"picture": name, "target": model.labels[target], "epsilon": int(epsilon)}


def plain(model: Classifier, photographs: np.ndarray, targets: list[int], epsilon: float, steps: int) -> np.ndarray:
    """What `tricks` makes."""
    return np.stack([t.after for t in tricks(model, photographs, targets, epsilon=epsilon, steps=steps)])


def seen(model: Classifier, picture: np.ndarray, target: int, first: int) -> Row:
    """What the network sees after each transform."""
    words = {target: "target", first: "first"}
    after = np.stack([transform(picture) for transform in TRANSFORMS.values()])
    looks = np.stack([transforms.photographed(picture, np.random.default_rng(1000 + k)) for k in range(LOOKS)])
    answers = [said.top(1)[0][0] for said in model.predict(np.concatenate([after, looks]))]
    cells: Row = {name: words.get(answer, "other") for name, answer in zip(TRANSFORMS, answers, strict=False)}
    return cells | {"photographed": answers[len(TRANSFORMS) :].count(target)}


if __name__ == "__main__":
    main()
