"""What can be proved, and what do attacks leave?

    python -m lessons.proofs.experiment [provable] [proofs] [votes]

provable: the network that the page trains, from five seeds: how many of the first 1000 test pictures it gets right, how
many an attack leaves (50 steps), and how many interval bounds prove; `apart`: how many they prove if each score is
bounded by itself. Then the same network, trained on the pictures as they are.
proofs: FashionNet plain and robust on the first 200 test pictures: how many of the right answers interval bounds prove
at each epsilon, and how many stand when attacked (40 momentum steps on the margin, which end nowhere early).
votes: the same networks under Gaussian noise of two sizes, on the first 50 test pictures: 50 votes choose the answer,
300 more are counted for it.

Takes about a quarter of an hour on one quiet core.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from lessons.proofs import proofs as library
from lessons.proofs import table
from tricknet import fashion_mnist
from tricknet.arrays import Pictures
from tricknet.attacks.steps import walk
from tricknet.cases import main
from tricknet.evidence import Row
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import Classifier
from tricknet.networks.fashion import FashionNet
from tricknet.networks.objectives import Margin, Objective, Target
from tricknet.report import count, grouped, median, total

KINDS = ("plain", "robust")
PROVED = (0, 0.25, 0.5, 1, 2, 4, 8, 16, 25)  # epsilons to prove
ATTACKED = (1, 2, 4, 8, 16, 25)  # epsilons to attack with
MANY, STEPS = 200, 40
FEW, CHOOSE, COUNT, SIGMAS = 50, 50, 300, (25, 50)


def first(n: int) -> tuple[Pictures, Answers]:
    """The first n test pictures, and their answers."""
    pictures, answers = fashion_mnist.test_set()
    return pictures[:n], answers[:n]


def provable() -> Iterator[Row]:
    """Is the page's network a lucky one? And is it the training that can be proved, or the small size?"""
    pictures, answers = first(1000)
    for trained, seed in tqdm([(trained, seed) for trained in (25.5, 0) for seed in range(5)]):
        layers = library.train_on_bounds(*fashion_mnist.train_set(), epsilon=trained, seed=seed)
        for epsilon in (0, 4, 16, 25.5):
            ends = library.margin_attack(layers, pictures, answers, epsilon) if epsilon else pictures
            row: Row = {"trained": trained, "seed": seed, "epsilon": epsilon}
            row["left"] = int(library.right(layers, ends, answers).sum())
            row["proved"] = int(library.proven(layers, pictures, answers, epsilon).sum())
            yield row | {"apart": int(apart(layers, pictures, answers, epsilon).sum())}


def apart(layers: library.Layers, pictures: Pictures, answers: Answers, epsilon: float) -> npt.NDArray[np.bool_]:
    """For which pictures is the least right score above the most of every other?"""
    low, high = library.bounds(layers, *library.box(library.channels_first(pictures), epsilon))
    rows = np.arange(len(answers))
    high[rows, answers] = -np.inf
    certain: npt.NDArray[np.bool_] = low[rows, answers] > high.max(axis=1)
    return certain


def proofs() -> Iterator[Row]:
    """How many are proved, and how many stand."""
    pictures, answers = first(MANY)
    for kind in KINDS:
        model = FashionNet(kind)
        layers = library.layers_of(model)
        proven = np.ones(MANY, dtype=bool)
        for epsilon in tqdm(PROVED, desc=f"{kind}, proofs"):
            some = np.flatnonzero(proven)  # what is not proved in a small box is not in a larger one
            if len(some):
                proven[some] = library.proven(layers, pictures[some], answers[some], epsilon)
            yield {"network": kind, "what": "proved", "epsilon": epsilon, "right": int(proven.sum()), "of": MANY}
        for epsilon in tqdm(ATTACKED, desc=f"{kind}, attacks"):
            left = library.right(layers, attacked(model, pictures, answers, epsilon), answers).sum()
            yield {"network": kind, "what": "attacked", "epsilon": epsilon, "right": int(left), "of": MANY}


def attacked(model: Classifier, pictures: Pictures, answers: Answers, epsilon: float) -> Pictures:
    """Where the pictures end, away from their answers."""
    aims: list[Objective | Target] = [-Margin(int(answer)) for answer in answers]
    return walk(pictures, lambda x: model.gradient(x, aims), epsilon=epsilon, steps=STEPS)


def votes() -> Iterator[Row]:
    """Who wins each vote, and by how many votes?"""
    pictures, answers = first(FEW)
    for kind in KINDS:
        model = FashionNet(kind)
        for sigma in SIGMAS:
            for number, (picture, answer) in enumerate(
                zip(tqdm(pictures, desc=f"{kind}, {sigma}"), answers, strict=True)
            ):
                winner = int(library.votes(model, picture, sigma=sigma, n=CHOOSE, seed=2 * number).argmax())
                counted = library.votes(model, picture, sigma=sigma, n=COUNT, seed=2 * number + 1)[winner]
                row: Row = {"network": kind, "sigma": sigma, "picture": number, "right": int(winner == answer)}
                yield row | {"votes": int(counted), "of": COUNT}


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    return {
        "provable": [
            "Of 1000 pictures, the median of the five seeds, and their ends (trained 0: on the pictures as they are):",
            grouped(
                table("provable"), ["trained", "epsilon"], {name: median(name) for name in ("left", "proved", "apart")}
            ),
        ],
        "proofs": [
            "Right answers that are proved, or that stand when attacked:",
            grouped(table("proofs"), ["epsilon"], {"": total("right", "of")}, ["network", "what"]),
        ],
        "votes": [
            "Pictures on which the right answer wins, and its votes, of 300:",
            grouped(table("votes"), ["network", "sigma"], {"right": count("right"), "votes": median("votes")}),
        ],
    }


if __name__ == "__main__":
    main(__doc__, table, {"provable": provable, "proofs": proofs, "votes": votes}, shown)
