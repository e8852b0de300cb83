"""How often do the ways of stepping of `trick` succeed, and how often does APGD, for as many gradients?

    python -m benchmarks.attacks [held_out] [--epsilon 1 2 4 8] [--steps 10 30 100] [--only APGD momentum]

Everyone gets the same photographs, targets (cases.py), network and number of gradients. Everyone is shown whole
numbers, and for everyone the best picture counts: the one, of all that the network was shown, in which the target was
most probable. It is a hit if the target is its top class; `last` says whether the last picture is one. What is
"rounded at the end" walks in fractions instead, and its last picture is rounded afterwards. The rows go into
benchmarks/tables/attacks.csv.

peers.py, which lets the rivals attack Caffe's network itself, says what they need.
"""

import argparse
from collections.abc import Callable

import numpy as np
from tqdm import tqdm

from benchmarks import table
from benchmarks.peers import libraries, network, on_pictures
from tricknet import Classifier, GoogLeNet
from tricknet.arrays import Floats, Pictures
from tricknet.attacks.steps import METHODS
from tricknet.attacks.trick import best, trick
from tricknet.cases import SETS, Row, cases, crossed, measure

# (pictures, targets, epsilon, steps) -> the probabilities of the pictures shown on the way, passes x pictures x classes
Attack = Callable[[Pictures, list[int], float, int], Floats]
BATCH = 10  # pictures in one call of a network


def main() -> None:
    """Run every attack at every epsilon that is missing in the table."""
    options = _options()
    model = GoogLeNet()
    names = SETS[options.set]
    pictures, targets = cases(model, names)
    attacks = {k: v for k, v in (ours(model) | peers(model)).items() if any(word in k for word in options.only)}

    def run(method: str, epsilon: float, steps: int, **_: str) -> list[Row]:
        attack, rows = attacks[method], []
        for i in tqdm(range(0, len(names), BATCH), desc="batches", leave=False):
            wanted = targets[i : i + BATCH]
            said = attack(pictures[i : i + BATCH], wanted, epsilon, steps)
            for name, target, p in zip(names[i:], wanted, said.swapaxes(0, 1), strict=False):
                kept = p[best(p, {target})]
                hit, probability = int(kept.argmax() == target), float(f"{kept[target]:.3g}")
                row = {"picture": name, "target": target, "hit": hit, "probability": probability}
                rows.append(row | {"last": int(p[-1].argmax() == target)})
        return rows

    settings = crossed(set=[options.set], epsilon=options.epsilon, steps=options.steps, method=attacks)
    measure(table, "attacks", settings, run)


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
            asked = network(model, rounded=rounded, watch=lambda _, answers: said.append(answers))
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", nargs="?", choices=SETS, default="held_out", help="photographs (default: held_out)")
    parser.add_argument("--epsilon", type=float, nargs="+", default=[1], help="in pixel values (default: 1)")
    parser.add_argument("--steps", type=int, nargs="+", default=[30], help="gradients for each picture (default: 30)")
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORD", help="attacks whose name holds one of these words"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
