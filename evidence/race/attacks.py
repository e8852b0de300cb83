"""How often do the ways of stepping of `trick` succeed, and how often does APGD, for as many gradients?

    python -m evidence.race.attacks

docs/benchmarks.md is its page. Everyone gets the same photographs (HELD_OUT), targets (cases.py), network and number of
gradients. Everyone is shown whole numbers, and for everyone the best picture counts: the one, of all that the network
was shown, in which the target was most probable. It is a hit if the target is its top class. What is "rounded at the
end" walks in fractions instead, and its last picture is rounded afterwards. The rows go into tables/attacks/, and
settings that are there already are not measured again.

peers.py, which lets the rivals attack Caffe's network itself, says what they need.
"""

from collections.abc import Callable

import numpy as np

from evidence.cases import combine, complete, draw_cases, pick
from evidence.peers import as_torch, libraries, on_pictures
from tricknet import Classifier, images, load
from tricknet.arrays import Floats, Pictures
from tricknet.attacks.steps import METHODS
from tricknet.attacks.trick import best, trick
from tricknet.counting import Row, Tables

# (pictures, targets, epsilon, steps) -> the probabilities of the pictures shown on the way, passes x pictures x classes
Attack = Callable[[Pictures, list[int], float, int], Floats]
table = Tables("attacks")
BATCH = 10  # pictures in one call of a network
EPSILONS = (1, 2, 4, 8)  # in pixel values
STEPS = (10, 30, 100)  # gradients for each picture


def main() -> None:
    """Run every attack at every epsilon that is missing in the table."""
    model, names = load("GoogLeNet"), images.HELD_OUT
    cases = draw_cases(model, names)
    pictures, targets = np.stack([case.picture for case in cases]), [case.target for case in cases]
    attacks = ours(model) | peers(model)

    def measure(method: str, epsilon: float, steps: int) -> list[Row]:
        attack, rows = attacks[method], []
        for i in range(0, len(names), BATCH):
            wanted = targets[i : i + BATCH]
            said = attack(pictures[i : i + BATCH], wanted, epsilon, steps)
            for name, target, p in zip(names[i:], wanted, said.swapaxes(0, 1), strict=False):
                kept = p[best(p, {target})]
                hit, probability = int(kept.argmax() == target), float(f"{kept[target]:.3g}")
                rows.append({"picture": name, "target": target, "hit": hit, "probability": probability})
        return rows

    complete(table, "attacks", combine(epsilon=EPSILONS, steps=STEPS, method=attacks), measure)
    assert_claims()


def assert_claims() -> None:
    """One of the committed methods hits at least as often as APGD, at each epsilon and number of gradients."""
    rows = table("attacks")
    methods = {row["method"] for row in rows}
    for setting in combine(epsilon=EPSILONS, steps=STEPS):
        hits = {name: sum(pick(rows, "hit", method=name, **setting)) for name in methods}
        theirs = max(n for name, n in hits.items() if name.startswith("adv-lib"))
        assert 0 < theirs <= max(hits["tricknet momentum"], hits["tricknet calm"]), hits


def ours(model: Classifier) -> dict[str, Attack]:
    """The ways of stepping of `trick`."""

    def by(method: str) -> Attack:
        def run(pictures, targets, epsilon, steps):
            options = {"epsilon": epsilon, "steps": steps, "method": method}
            pairs = zip(pictures, targets, strict=True)
            return np.stack([trick(model, *pair, **options).history for pair in pairs], axis=1)

        return run

    return {f"tricknet {name}": by(name) for name in METHODS if name != "gradient"}


def peers(model: Classifier) -> dict[str, Attack]:
    """What adv-lib offers for the same job."""
    torch, apgd = libraries("adv_lib.attacks.auto_pgd")

    def watched(attack: Callable, *, rounded: bool = True) -> Attack:
        """attack: takes a network, tensors and targets, epsilon (of 1) and steps."""

        def run(pictures, targets, epsilon, steps):
            said: list[Floats] = []
            asked = as_torch(model, rounded=rounded, watch=lambda _, answers: said.append(answers))
            after = on_pictures(lambda x, t: attack(asked, x, t, epsilon / 255, steps), pictures, targets)
            if asked.gradients > steps + 1:  # APGD takes one more, after its last step, and makes no use of it
                raise RuntimeError(f"The attack took {asked.gradients} gradients in place of {steps}.")
            whole = np.rint(after).clip(0, 255).astype(np.uint8)
            last = np.array([[answer.probabilities for answer in model.predict(whole)]])
            return np.concatenate([said, last]) if rounded else last

        return run

    def apgd_ce(asked, x, t, epsilon, steps):
        settings = {"norm": float("inf"), "targeted": True, "loss_function": "ce"}
        # `apgd` itself does not hand the number of steps on where the best loss is asked for, and takes 100.
        found, *_ = apgd._apgd(asked, x, t, torch.full((len(x),), epsilon), n_iter=steps, **settings)
        return found

    return {
        "adv-lib APGD-CE": watched(apgd_ce),
        "adv-lib APGD-CE, rounded at the end": watched(apgd_ce, rounded=False),
    }


if __name__ == "__main__":
    main()
