"""Evidence for the page Bugs or features?"""

import numpy as np

from evidence.cases import complete, main
from evidence.report import mean, tabulate
from lessons.bugs_or_features import learning, table
from tricknet import fashion_mnist, load
from tricknet.counting import Row

N, SEEDS = 10_000, range(1, 6)  # without seed 0: the plain network, whose tricks these are, began with its weights
KINDS = [("random", "tricks"), ("next", "tricks"), ("next", "untouched")]  # labels, and pictures


def learn_from_wrong_labels() -> None:
    """What fresh networks learn from pictures under wrong labels, with and without the noise that fits the label.

    Fixed beforehand: five seeds for each of KINDS, whose tricks count whether or not the plain network falls for them;
    judged on all test pictures, and on the first 1000, each moved towards a class neither its own nor the next.
    """
    plain, test, (every, answers) = load("FashionNet plain"), fashion_mnist.test_set(), fashion_mnist.train_set()
    pictures, right = every[:N], answers[:N]
    labels = {"random": (right + np.random.default_rng(0).integers(1, 10, N)) % 10, "next": (right + 1) % 10}
    shown = {(name, "tricks"): learning.towards(plain, pictures, wrong) for name, wrong in labels.items()}
    shown["next", "untouched"] = pictures
    own, targets = test[1][:1000], (test[1][:1000] + np.random.default_rng(1).integers(2, 10, 1000)) % 10
    tricked = learning.towards(plain, test[0][:1000], targets)
    asked = {"own": test, "next": (test[0], (test[1] + 1) % 10), "tricked_own": (tricked, own)}
    asked |= {"tricked_next": (tricked, (own + 1) % 10), "tricked_target": (tricked, targets)}

    def measure(called: str, learnt_from: str, seed: int) -> list[Row]:
        network = learning.learn_from(shown[called, learnt_from], labels[called], seed=seed)
        return [{name: round(network.right(*both).mean(), 4) for name, both in asked.items()}]

    settings = [{"called": a, "learnt_from": b, "seed": seed} for a, b in KINDS for seed in SEEDS]
    complete(table, "features", settings, measure)


def make_tables() -> list[str]:
    """The table of the page."""
    rows = table("features")
    return [tabulate(rows, ["called", "learnt_from"], {name: mean(name, 3) for name in list(rows[0])[3:]})]


if __name__ == "__main__":
    main(table, {"features": learn_from_wrong_labels}, make_tables)
