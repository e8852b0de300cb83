"""Evidence for the page Bugs or features?"""

import numpy as np

from evidence.cases import complete, main
from evidence.report import compare_means, mean, tabulate
from lessons.bugs_or_features import learning, table
from tricknet import fashion_mnist, load
from tricknet.counting import Row

N, SEEDS = 10_000, range(1, 6)  # without seed 0: the plain network, whose tricks these are, began with its weights
KINDS = [("random", "tricks"), ("shifted", "tricks"), ("shifted", "untouched"), ("random", "another's noise")]


def learn_from_wrong_labels() -> None:
    """What fresh networks learn from pictures under wrong labels, with and without the noise that goes with the label.

    Fixed beforehand: five seeds for each of KINDS, all 10,000 first training pictures, whether or not the plain
    network falls for them, 800 steps; judged on all test pictures, and on the first 1000, each moved towards a class
    that is neither its own nor the next. The noise counts as learnt where networks that saw it name that class more
    often than those that did not, by an interval without 0, and as ignored only if it ends below one point.
    """
    plain, test, random = load("FashionNet plain"), fashion_mnist.test_set(), np.random.default_rng(0)
    pictures, right = (part[:N] for part in fashion_mnist.train_set())
    labels = {"random": (right + random.integers(1, 10, N)) % 10, "shifted": (right + 1) % 10}
    shown = {(name, "tricks"): learning.towards(plain, pictures, wrong) for name, wrong in labels.items()}
    noise = shown["random", "tricks"].astype(int) - pictures
    other = (pictures + noise[random.permutation(N)]).clip(0, 255).astype(np.uint8)
    shown |= {("shifted", "untouched"): pictures, ("random", "another's noise"): other}
    own, targets = test[1][:1000], (test[1][:1000] + random.integers(2, 10, 1000)) % 10
    tricked = learning.towards(plain, test[0][:1000], targets)
    asked = {"right": test, "next": (test[0], (test[1] + 1) % 10), "tricked_right": (tricked, own)}
    asked |= {"tricked_next": (tricked, (own + 1) % 10), "tricked_target": (tricked, targets)}

    def measure(labels_are: str, learnt_from: str, seed: int) -> list[Row]:
        network = learning.learn_from(shown[labels_are, learnt_from], labels[labels_are], seed=seed)
        return [{name: network.right(*both).mean() for name, both in asked.items()}]

    settings = [{"labels_are": a, "learnt_from": b, "seed": seed} for a, b in KINDS for seed in SEEDS]
    complete(table, "features", settings, measure)


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    rows = table("features")
    pairs = [({"learnt_from": "tricks"}, {"learnt_from": which}) for which in ("untouched", "another's noise")]
    differ = [
        compare_means(rows, ["labels_are"], pairs, column=column, case="seed", digits=3)
        for column in ("right", "tricked_target")
    ]
    return [tabulate(rows, ["labels_are", "learnt_from"], {name: mean(name, 3) for name in list(rows[0])[3:]}), *differ]


if __name__ == "__main__":
    main(table, {"features": learn_from_wrong_labels}, make_tables)
