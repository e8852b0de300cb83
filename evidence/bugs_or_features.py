"""Evidence for the page Bugs or features?"""

import numpy as np

from evidence.cases import complete, main
from evidence.report import mean, tabulate
from lessons.bugs_or_features import learn_from, table, trick_towards
from tricknet import fashion_mnist, load


def learn_from_wrong_labels() -> None:
    """Fixed beforehand: 10,000 tricks, whether they arrive or not, and seeds 1 to 5: `plain` began from seed 0."""
    plain, test, (every, answers) = load("FashionNet plain"), fashion_mnist.test_set(), fashion_mnist.train_set()
    pictures, right = every[:10_000], answers[:10_000]
    labels = {"random": (right + np.random.default_rng(0).integers(1, 10, 10_000)) % 10, "next": (right + 1) % 10}
    shown = {(name, "tricks"): trick_towards(plain, pictures, wrong) for name, wrong in labels.items()}
    shown["next", "untouched"] = pictures
    own, targets = test[1][:1000], (test[1][:1000] + np.random.default_rng(1).integers(2, 10, 1000)) % 10
    tricked = trick_towards(plain, test[0][:1000], targets)
    asked = {"own": test, "next": (test[0], (test[1] + 1) % 10), "tricked_own": (tricked, own)}
    asked |= {"tricked_next": (tricked, (own + 1) % 10), "tricked_target": (tricked, targets)}

    def measure(called: str, learnt_from: str, seed: int) -> list[dict[str, float]]:
        network = learn_from(shown[called, learnt_from], labels[called], seed=seed)
        return [{name: round(network.right(*both).mean(), 4) for name, both in asked.items()}]

    settings = [{"called": a, "learnt_from": b, "seed": seed} for seed in range(1, 6) for a, b in shown]
    complete(table, "features", settings, measure)


def make_tables() -> list[str]:
    counts = {name: mean(name, 3) for name in ("own", "next", "tricked_own", "tricked_next", "tricked_target")}
    return [tabulate(table("features"), ["called", "learnt_from"], counts)]


if __name__ == "__main__":
    main(table, {"features": learn_from_wrong_labels}, make_tables)
