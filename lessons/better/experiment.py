"""How robust is FashionNet, and what do networks learn from tricks?

    python -m lessons.better.experiment [judge] [budgets] [features] [norms]

The networks are those of models/fashion, which generate/train.py makes. Test pictures are the first of Fashion-MNIST's
test set, in its order.
judge: how many test pictures stand against torchattacks, with epsilon 16 and 25.5 (0.1 of the range of pixel values, as
in the literature). The first 1000 face three of AutoAttack's four attacks: APGD on the cross-entropy (50 steps),
targeted APGD on the DLR loss (9 targets, 50 steps) and Square (2000 queries); the other 9000 face 20 steps, 3 targets
and no Square. AutoAttack itself takes 100 steps and 5000 queries. Each attack is asked about what stands so far. The
columns say what stands after each; `stands` is the last of them. Epsilon 0: not attacked. Needs what peers.py needs.
budgets: for 1000 test pictures, the least epsilon of EPSILONS at which an attack succeeds (0: wrong without one; 9999:
none succeeds). 50 steps up the margin, from the picture and, where that fails, from a random place in the box; every
step counts. Only pictures that still stand are attacked with the next epsilon: a smaller box lies inside a larger one.
The pictures hold whole numbers, so 25 is the field's budget of 25.5.
features: 10,000 training pictures are moved by the plain network's gradient, epsilon 16, 20 steps, towards a random
class other than their own. Fresh networks, ten seeds with fifteen epochs each, learn from those that arrived with the
labels of their targets. (After five most have not yet learnt what they are shown.) Controls: the same pictures before
they were moved, with the same labels; and the moved ones with these labels shuffled. `own`: the share of the labels
that they learnt from which they give in the end; `arrived`: how many of the 10,000 did.
norms: as budgets for 200 pictures, with budgets in L2 (RADII) and with rotations by up to 10, 20 and 30 degrees.

Takes about an hour on one quiet core, most of it the judge's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy import ndimage
from tqdm import tqdm

from benchmarks import peers
from lessons.better import table
from lessons.better.walks import lengths
from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.arrays import rounded
from tricknet.attacks.steps import Ascent, walk
from tricknet.cases import Maker, first_answers, main, measure
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.fashion import FashionNet
from tricknet.networks.objectives import Class, Margin, Objective, Target
from tricknet.report import count, differences, grouped, mean, paired, total

KINDS = ("plain", "robust")
EPSILONS = (4, 8, 16, 25, 32, 48, 64, 80, 96, 128)
RADII = (100, 200, 400, 600)
ANGLES = (10, 20, 30)
NEVER = 9999  # what is written where no attack succeeds
BATCH = 200
PARTS = {"first 1000": slice(0, 1000), "other 9000": slice(1000, 10_000)}
NAMES = {"APGD-CE": "APGD", "APGD-T": "APGDT", "Square": "Square"}  # in torchattacks
STRONG = {"APGD-CE": {"steps": 50}, "APGD-T": {"steps": 50}, "Square": {"n_queries": 2000}}
QUICK = {"APGD-CE": {"steps": 20}, "APGD-T": {"steps": 20, "n_classes": 4}}  # towards three classes, not all nine


class Lesson(NamedTuple):
    """What a row of `features` was measured with."""

    learnt_from: str
    seed: int


class Trial(NamedTuple):
    """What a row of `judge` was measured with."""

    network: str
    epsilon: float
    pictures: str


def fell(model: Classifier, pictures: np.ndarray, answers: np.ndarray, epsilon: float, begin: np.ndarray) -> np.ndarray:
    """On which pictures does the network go wrong at any step of 50 up the margin?"""
    away: list[Objective | Target] = [-Margin(int(answer)) for answer in answers]
    ascent = Ascent(pictures, epsilon=epsilon, steps=50, method="sign", begin=begin)
    wrong = np.zeros(len(pictures), bool)
    for _ in range(ascent.steps):
        predictions, gradients = model.predict_and_gradient(list(ascent.pictures), away)
        wrong |= [prediction.best.index for prediction in predictions] != answers
        ascent.step(gradients)
    wrong |= ~right(model, ascent.pictures, answers)
    return wrong


def right(model: Classifier, pictures: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Which pictures get their right answer?"""
    correct: np.ndarray = np.equal(first_answers(model, pictures), answers)
    return correct


def in_box(model: Classifier, pictures: np.ndarray, answers: np.ndarray, epsilon: float) -> np.ndarray:
    """Which pictures fall, from where they are or from a random place in the box?"""
    noise = np.random.default_rng(0).uniform(-epsilon, epsilon, pictures.shape)
    wrong = fell(model, pictures, answers, epsilon, pictures)
    if not wrong.all():
        left = ~wrong
        wrong[left] = fell(model, pictures[left], answers[left], epsilon, (pictures + noise)[left])
    return wrong


def in_ball(model: Classifier, pictures: np.ndarray, answers: np.ndarray, radius: float) -> np.ndarray:
    """The same in a ball (L2): 50 steps along the gradient itself, from large to small."""
    away: list[Objective | Target] = [-Margin(int(answer)) for answer in answers]
    perturbation, wrong = np.zeros(pictures.shape, np.float32), np.zeros(len(pictures), bool)
    for step in range(50):
        current = np.rint(np.clip(pictures + perturbation, 0, 255)).astype(np.uint8)
        predictions, slope = model.predict_and_gradient(list(current), away)
        inside = lengths(current - pictures.astype(np.float32)) <= radius
        wrong |= inside.ravel() & ([s.best.index for s in predictions] != answers)
        perturbation += radius / 4 * (1 - step / 50) * slope / lengths(slope)
        perturbation *= np.minimum(1, 0.99 * radius / lengths(perturbation))  # room for rounding
        perturbation = np.clip(pictures + perturbation, 0, 255) - pictures
    return wrong


def rotated(model: Classifier, pictures: np.ndarray, answers: np.ndarray, angle: float) -> np.ndarray:
    """Which pictures fall when they are turned, by `angle` degrees or by less?"""
    wrong = np.zeros(len(pictures), bool)
    for turn in np.arange(-angle, angle + 1, 2):
        wrong |= ~right(model, turned(pictures, turn), answers)
    return wrong


def turned(pictures: np.ndarray, degrees: float) -> np.ndarray:
    """Pictures turned about their centres, black outside."""
    return rounded(ndimage.rotate(pictures, degrees, axes=(1, 2), reshape=False, order=1, output=float))


def budgets() -> Iterator[Row]:
    """The least epsilon at which each picture falls."""
    yield from least(in_box, EPSILONS, 1000, "epsilon")


def norms() -> Iterator[Row]:
    """The least radius, and the least angle."""
    yield from least(in_ball, RADII, 200, "L2")
    yield from least(rotated, ANGLES, 200, "degrees")


type Falls = Callable[[Classifier, np.ndarray, np.ndarray, float], np.ndarray]


def least(falls: Falls, sizes: tuple[int, ...], n: int, unit: str) -> Iterator[Row]:
    """For each network and picture the least of these sizes at which it falls."""
    pictures, answers = (part[:n] for part in fashion_mnist.test_set())
    for kind in KINDS:
        model = FashionNet(kind)
        fallen = np.where(right(model, pictures, answers), NEVER, 0)
        for size in tqdm(sizes, desc=f"{kind}, {unit}"):
            standing = np.flatnonzero(fallen == NEVER)
            for i in range(0, len(standing), BATCH):
                some = standing[i : i + BATCH]
                fallen[some[falls(model, pictures[some], answers[some], size)]] = size
        for index, size in enumerate(fallen):
            yield {"network": kind, "picture": index, "unit": unit, "falls_at": int(size)}


def tricks(model: Classifier, n: int = 10_000) -> tuple[np.ndarray, np.ndarray]:
    """The first n training pictures, each moved towards a random class other than its own, and these classes."""
    pictures, answers = fashion_mnist.train_set()
    targets, moved = (answers[:n] + np.random.default_rng(0).integers(1, 10, n)) % 10, []
    for i in tqdm(range(0, n, BATCH), desc="tricking"):
        aims = [Class(int(target)) for target in targets[i : i + BATCH]]
        climb = lambda x, aims=aims: model.gradient(x, list(aims))  # noqa: E731
        moved.append(walk(pictures[i : i + BATCH], climb, epsilon=16, steps=20, method="sign"))
    return np.concatenate(moved), targets


def features(epochs: int = 15, seeds: int = 10) -> None:
    """What fresh networks learn from tricks with wrong labels, and from two controls.

    Seed 0 is left out: the plain network, whose tricks these are, began with the same weights.
    """
    model, test = FashionNet("plain"), fashion_mnist.test_set()
    tricked, targets = tricks(model)
    arrived = right(model, tricked, targets)
    pictures = fashion_mnist.train_set()[0][: len(tricked)][arrived]
    tricked, targets = tricked[arrived], targets[arrived]
    steps = epochs * len(targets) // learn.BATCH
    kinds = {"tricks that arrived": tricked, "not tricked, same labels": pictures, "tricks, labels shuffled": tricked}

    def how(lesson: Lesson) -> list[Row]:
        x, seed = kinds[lesson.learnt_from], lesson.seed
        labels = np.random.default_rng(seed).permutation(targets) if "shuffled" in lesson.learnt_from else targets
        pupil = learn.Pupil(seed=seed, steps=steps)
        learn.train(pupil, (x, labels), (test[0][:1], test[1][:1]), steps=steps, seed=seed, every=steps)
        own = round(float(pupil.right(x, labels).mean()), 4)
        return [{"right": int(pupil.right(*test).sum()), "of": len(test[1]), "own": own, "arrived": len(x)}]

    measure(table, "features", [Lesson(kind, seed) for seed in range(1, seeds + 1) for kind in kinds], how)


def judge() -> None:
    """How many pictures stand against attacks that are not ours."""
    pictures, answers = fashion_mnist.test_set()

    def how(trial: Trial) -> list[Row]:
        some, model = PARTS[trial.pictures], FashionNet(trial.network)
        attacks = {} if not trial.epsilon else STRONG if trial.pictures == "first 1000" else QUICK
        stand = standing(model, pictures[some], answers[some], trial.epsilon, attacks)
        row: Row = {"stands": stand[-1], "of": len(answers[some])}
        return [row | dict.fromkeys(STRONG, "") | dict(zip(attacks, stand[1:], strict=True))]

    trials = [Trial(kind, epsilon, part) for kind, part, epsilon in product(KINDS, PARTS, (0, 16, 25.5))]
    measure(table, "judge", trials, how)


def standing(
    model: Classifier, pictures: np.ndarray, answers: np.ndarray, epsilon: float, attacks: Mapping[str, dict[str, int]]
) -> list[int]:
    """How many pictures stand before the first of these attacks of torchattacks, and after each of them.

    Each attacks what still stands. The pictures that it makes hold fractions too.
    """
    _, torchattacks = peers.libraries("torchattacks")
    network, stands = peers.network(model), right(model, pictures, answers)
    counts = [int(stands.sum())]
    for name, options in attacks.items():
        attack = getattr(torchattacks, NAMES[name])(network, eps=epsilon / 255, **options)
        left = np.flatnonzero(stands)
        for i in tqdm(range(0, len(left), BATCH), desc=f"{model.name}, epsilon {epsilon}, {name}"):
            some = left[i : i + BATCH]
            after = peers.on_pictures(attack, pictures[some], [int(answer) for answer in answers[some]])
            if np.abs(after - pictures[some]).max() > epsilon + 1e-3 or after.min() < 0 or after.max() > 255:
                raise ValueError(f"{name} leaves the box of epsilon {epsilon}")
            stands[some] = right(model, after, answers[some])
        counts.append(int(stands.sum()))
    return counts


def shown() -> dict[str, list[str]]:
    """What the page shows."""

    def stand(rows: list[Row], sizes: Iterable[int]) -> list[Row]:
        """A row for each of these sizes: does the picture stand?"""
        return [row | {"size": size, "stands": int(row["falls_at"] > size)} for row in rows for size in sizes]

    norms = {unit: [row for row in table("norms") if row["unit"] == unit] for unit in ("L2", "degrees")}
    boxes = stand(table("budgets"), (0, *EPSILONS))
    others = stand(norms["L2"], (0, *RADII)) + stand(norms["degrees"], ANGLES)
    networks = [({"network": "plain"}, {"network": "robust"})]
    learnt = [row | {"share": row["right"] / row["of"]} for row in table("features")]
    kinds = [{"learnt_from": kind} for kind in dict.fromkeys(row["learnt_from"] for row in learnt)]
    return {
        "judge": [
            "Pictures that stand:",
            grouped(table("judge"), ["pictures", "epsilon"], {"": total("stands", "of")}, ["network"]),
        ],
        "budgets": [
            "Pictures that stand at this epsilon:",
            grouped(boxes, ["size"], {"": count("stands")}, ["network"]),
            paired(boxes, ["size"], networks, ["stands"]),
        ],
        "features": [
            "The share of the 10,000 test pictures that they get right, and of the labels that they learnt from:",
            grouped(learnt, ["learnt_from"], {"right": mean("share", 3), "own": mean("own", 3)}),
            differences(learnt, [], [(kinds[0], kind) for kind in kinds[1:]], "share", "seed", digits=3),
        ],
        "norms": [
            "Pictures that stand at this size:",
            grouped(others, ["unit", "size"], {"": count("stands")}, ["network"]),
            paired(others, ["unit", "size"], networks, ["stands"]),
        ],
    }


if __name__ == "__main__":
    makers: dict[str, Maker] = {"judge": judge, "budgets": budgets, "features": features, "norms": norms}
    main(__doc__, table, makers, shown)
