"""How robust is FashionNet? Lesson 14's tables: fashion_*.csv in benchmarks/tables.

    python -m benchmarks.lessons.fashion [overfitting] [budgets] [features] [norms]

The networks are those of models/fashion, which generate/train.py makes. Test pictures are the first of Fashion-MNIST's
test set, in its order; `overfitting` looks at others.
overfitting: adversarial training with epsilon 14 and 40, attacked in training by FGSM from the picture itself, by one
step from a random place in the box, and by three smaller steps from there. Every 100 steps, how many of 200 test
pictures (the last ones) keep their right answer: not attacked, under FGSM from the picture, and under 20 steps (PGD).
budgets: for 1000 test pictures, the least epsilon of EPSILONS at which an attack succeeds (0: wrong without one; 9999:
none succeeds). 50 steps up the margin, from the picture and, where that fails, from a random place in the box; every
step counts. Only pictures that still stand are attacked with the next epsilon: a smaller box lies inside a larger one.
features: 10,000 training pictures are moved by the plain network's gradient, epsilon 16, 20 steps, towards a random
class other than their own. A fresh network learns from them with the labels of their targets. Controls: the same
pictures before they were moved, with the same labels; and the moved ones with these labels shuffled.
norms: the same for 200 pictures, with budgets in L2 (RADII) and with rotations by up to 10, 20 and 30 degrees.

Takes about 12 minutes on one quiet core.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy import ndimage
from tqdm import tqdm

from benchmarks.lessons.cases import Row, asked_for, keep
from tricknet import fashion_mnist
from tricknet.attacks.steps import Ascent, ascend, walk
from tricknet.networks.classifier import Classifier, FashionNet
from tricknet.networks.objectives import Class, Margin
from tricknet.topics import learn

KINDS = ("plain", "robust")
EPSILONS = (4, 8, 16, 24, 32)
RADII = (100, 200, 400, 600)
ANGLES = (10, 20, 30)
NEVER = 9999  # what is written where no attack succeeds
BATCH = 200


def main() -> None:
    """Make the tables that the command line names, or all of them."""
    makers: dict[str, tuple[str, Callable[[], Iterator[Row]]]] = {
        "overfitting": ("fashion_overfitting", overfitting),
        "budgets": ("fashion_budgets", budgets),
        "features": ("fashion_features", features),
        "norms": ("fashion_norms", norms),
    }
    for name in asked_for(__doc__, makers):
        table, rows = makers[name]
        keep(table, rows())


def overfitting() -> Iterator[Row]:
    """Three ways of attacking in training, with two budgets."""
    for epsilon in (14, 40):
        fgsm = learn.Against(epsilon, step=1, somewhere=False)
        ways = {"the picture": fgsm, "a random place": learn.Against(epsilon), "three steps": learn.Against(epsilon, 3)}
        for way, attack in ways.items():
            for row in watched(attack, epsilon):
                yield {"epsilon": epsilon, "way": way} | row


def watched(attack: learn.Attack, epsilon: float, steps: int = 1000, every: int = 100, n: int = 200) -> list[Row]:
    """Training with an attack, and how many of n test pictures stand against others as it goes on."""
    pictures, answers = fashion_mnist.test_set()
    pictures, answers = pictures[-n:], answers[-n:]
    pupil, found = learn.Pupil(seed=1, steps=steps), list[Row]()
    attacks: dict[str, learn.Attack] = {
        "none": learn.no_attack,
        "FGSM": learn.Against(epsilon, step=1, somewhere=False),
        "PGD": learn.Against(epsilon, 20),
    }

    def look(moments: list[learn.Moment]) -> None:
        random = np.random.default_rng(0)
        for name, by in attacks.items():
            right = 0
            for i in range(0, n, learn.BATCH):
                some, theirs = pictures[i : i + learn.BATCH], answers[i : i + learn.BATCH]
                right += pupil.right(by(pupil, some.astype(np.float32), theirs, random), theirs).sum()
            found.append({"step": moments[-1].step, "attack": name, "right": int(right), "of": n})

    everything, tested = fashion_mnist.train_set(), (pictures, answers)
    learn.train(pupil, everything, tested, steps=steps, attack=attack, seed=1, watch=look, every=every)
    return found


def fell(model: Classifier, pictures: np.ndarray, answers: np.ndarray, epsilon: float, begin: np.ndarray) -> np.ndarray:
    """On which pictures does the network go wrong at any step of 50 up the margin?"""
    away = [-Margin(int(answer)) for answer in answers]
    ascent = Ascent(pictures, epsilon=epsilon, steps=50, method="sign", begin=begin)
    wrong = np.zeros(len(pictures), bool)
    for _, said in ascend(ascent, lambda shown: model.predict_and_gradient(shown, away)):
        wrong |= [s.top(1)[0][0] for s in said] != answers
    return wrong | ~right(model, ascent.shown, answers)


def right(model: Classifier, pictures: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Which pictures get their right answer?"""
    return np.array([said.top(1)[0][0] for said in model.predict(pictures)]) == answers


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
    away = [-Margin(int(answer)) for answer in answers]
    perturbation, wrong = np.zeros(pictures.shape, np.float32), np.zeros(len(pictures), bool)
    for step in range(50):
        shown = np.rint(np.clip(pictures + perturbation, 0, 255)).astype(np.uint8)
        said, slope = model.predict_and_gradient(shown, away)
        inside = length(shown - pictures.astype(np.float32)) <= radius
        wrong |= inside.ravel() & ([s.top(1)[0][0] for s in said] != answers)
        perturbation += radius / 4 * (1 - step / 50) * slope / length(slope)
        perturbation *= np.minimum(1, 0.99 * radius / length(perturbation))  # room for rounding
        perturbation = np.clip(pictures + perturbation, 0, 255) - pictures
    return wrong


def length(arrays: np.ndarray) -> np.ndarray:
    """The length of each array of a batch (L2)."""
    return np.sqrt((arrays**2).sum(axis=(1, 2, 3), keepdims=True))


def rotated(model: Classifier, pictures: np.ndarray, answers: np.ndarray, angle: float) -> np.ndarray:
    """Which pictures fall when they are turned, by `angle` degrees or by less?"""
    wrong = np.zeros(len(pictures), bool)
    for turn in np.arange(-angle, angle + 1, 2):
        wrong |= ~right(model, turned(pictures, turn), answers)
    return wrong


def turned(pictures: np.ndarray, degrees: float) -> np.ndarray:
    """Pictures turned about their centres, black outside."""
    return np.rint(ndimage.rotate(pictures, degrees, axes=(1, 2), reshape=False, order=1, output=float)).astype(
        np.uint8
    )


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


def features(n: int = 10_000, steps: int = 600) -> Iterator[Row]:
    """What a fresh network learns from tricked pictures with wrong labels, and from two controls."""
    random = np.random.default_rng(0)
    pictures, answers = (part[:n] for part in fashion_mnist.train_set())
    targets = (answers + random.integers(1, 10, n)) % 10
    model, moved = FashionNet("plain"), []
    for i in tqdm(range(0, n, BATCH), desc="tricking"):
        wanted = [Class(int(target)) for target in targets[i : i + BATCH]]
        climb = lambda x, wanted=wanted: model.gradient(x, list(wanted))  # noqa: E731
        moved.append(walk(pictures[i : i + BATCH], climb, epsilon=16, steps=20, method="sign"))
    tricked = np.concatenate(moved)
    became = right(model, tricked, targets).mean()
    print(f"{became:.1%} of the pictures became their targets")
    for what, x, labels in (
        ("tricked, labels of the targets", tricked, targets),
        ("not tricked, the same labels", pictures, targets),
        ("tricked, labels shuffled", tricked, random.permutation(targets)),
    ):
        pupil, test = learn.Pupil(seed=7, steps=steps), fashion_mnist.test_set()
        moments = learn.train(pupil, (x, labels), tuple(part[:500] for part in test), steps=steps, seed=7)
        row = {"learnt_from": what, "right": int(pupil.right(*test).sum()), "of": len(test[1])}
        yield row | {"right_on_its_own": round(moments[-1].right, 4), "became_target": round(float(became), 4)}


if __name__ == "__main__":
    main()
