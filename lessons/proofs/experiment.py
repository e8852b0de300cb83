"""What can be proved, and what attacks leave? The tables of notebooks/proofs.ipynb.

    python -m lessons.proofs.experiment [seeds] [proofs] [votes]

seeds: the network that the page trains, from five seeds: how many of the first 1000 test pictures it gets right, how
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
from tricknet.cases import Row, asked_for, keep
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import Classifier
from tricknet.networks.fashion import FashionNet
from tricknet.networks.objectives import Margin, Objective, Target

KINDS = ("plain", "robust")
PROVED = (0, 0.25, 0.5, 1, 2, 4, 8, 16, 25)  # epsilons to prove
ATTACKED = (1, 2, 4, 8, 16, 25)  # epsilons to attack with
MANY, STEPS = 200, 40
FEW, CHOOSE, COUNT, SIGMAS = 50, 50, 300, (25, 50)


def main() -> None:
    """Make the tables that the command line names, or all of them."""
    makers = {"seeds": seeds, "proofs": proofs, "votes": votes}
    for name in asked_for(__doc__, makers):
        keep(table, "provable" if name == "seeds" else name, makers[name]())


def seeds() -> Iterator[Row]:
    """Is the page's network a lucky one? And is it the training that can be proved, or the small size?"""
    pictures, answers = (part[:1000] for part in fashion_mnist.test_set())
    for trained, seed in tqdm([(trained, seed) for trained in (25.5, 0) for seed in range(5)]):
        layers = library.train(*fashion_mnist.train_set(), epsilon=trained, seed=seed)
        for epsilon in (0, 4, 16, 25.5):
            ends = library.attacked(layers, pictures, answers, epsilon) if epsilon else pictures
            row: Row = {"trained": trained, "seed": seed, "epsilon": epsilon}
            row["left"] = int(library.right(layers, ends, answers).sum())
            row["proved"] = int(library.proven(layers, pictures, answers, epsilon).sum())
            yield row | {"apart": int(apart(layers, pictures, answers, epsilon).sum())}


def apart(layers: library.Layers, pictures: Pictures, answers: Answers, epsilon: float) -> npt.NDArray[np.bool_]:
    """For which pictures is the least right score above the most of every other?"""
    low, high = library.bounds(layers, *library.box(library.channels_first(pictures), epsilon))
    rows = np.arange(len(answers))
    high[rows, answers] = -np.inf
    found: npt.NDArray[np.bool_] = low[rows, answers] > high.max(axis=1)
    return found


def proofs() -> Iterator[Row]:
    """How many are proved, and how many stand."""
    pictures, answers = (part[:MANY] for part in fashion_mnist.test_set())
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
    pictures, answers = (part[:FEW] for part in fashion_mnist.test_set())
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


if __name__ == "__main__":
    main()
