"""Which way of stepping hits its target most often, and which one gets there calmly?

    python -m benchmarks.methods evidence --epsilon 1 --steps 10 30 --only momentum calm
    python -m benchmarks.methods

Each photograph has one target: a class drawn at random, but none of the five that the network finds likeliest in it.
A hit is a picture of whole numbers, no value further than epsilon from where it was, whose top class is the target.
tricknet/cases.py says how the table methods.csv grows.

The length of the calm steps was chosen on EVIDENCE, among CHOICES. HELD_OUT judges.
"""

import argparse
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from benchmarks import table
from tricknet.arrays import Floats, Pictures
from tricknet.attacks.steps import METHODS, climb
from tricknet.attacks.trick import best
from tricknet.cases import SETS, Row, Setting, cases, measure
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.objectives import Class

CHOICES = METHODS | {f"calm x{reach}": replace(METHODS["calm"], reach=reach) for reach in (1, 4)}
BATCH = 5  # pictures in one call of the network
CALM = 0.01  # a smaller change of the probability is no change of direction


def main() -> None:
    """Measure what is asked for and still missing."""
    options = _options()
    model = GoogLeNet()
    if options.smoke:
        print(*measured(model, SETS["evidence"][:2], Setting("evidence", 1, 2, "calm")), sep="\n")
        return
    wanted = [Setting(options.set, e, s, m) for e in options.epsilon for s in options.steps for m in options.only]
    measure(table, "methods", wanted, lambda setting: measured(model, SETS[setting.set], setting))


def measured(model: Classifier, names: tuple[str, ...], setting: Setting) -> list[Row]:
    """One row per picture: was the target hit, with which probability, and how calm was the way?"""
    photographs, targets = cases(model, names)
    rows = []
    for i in tqdm(range(0, len(names), BATCH), desc="batches", leave=False):
        batch, wanted = photographs[i : i + BATCH], targets[i : i + BATCH]
        for name, target, p in zip(names[i:], wanted, path(model, batch, wanted, setting), strict=False):
            turns, fall = calmness(p[:, target])
            kept = p[best(p, {target})]
            hit, probability = int(kept.argmax() == target), float(f"{kept[target]:.3g}")
            row = {"picture": name, "target": target, "hit": hit, "probability": probability}
            rows.append(row | {"reversals": turns, "fall": round(fall, 3)})
    return rows


def path(model: Classifier, pictures: Pictures, targets: list[int], setting: Setting) -> Floats:
    """The probabilities along the way: pictures x (steps + 1) x classes."""
    objectives = [Class(target) for target in targets]
    method = CHOICES[setting.method]
    walk = climb(model, pictures, objectives, epsilon=setting.epsilon, steps=setting.steps, method=method)
    return np.array([[prediction.probabilities for prediction in said] for _, said in walk]).swapaxes(0, 1)


def calmness(p: Floats) -> tuple[int, float]:
    """(how often the probability turns round on its way, how far it falls in all); moves below CALM do not count."""
    moves = np.diff(p)
    moves = moves[np.abs(moves) > CALM]
    return int((moves[1:] * moves[:-1] < 0).sum()), float(abs(moves[moves < 0].sum()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", nargs="?", choices=SETS, default="held_out", help="photographs (default: held_out)")
    parser.add_argument("--epsilon", type=float, nargs="+", default=[1, 2], help="in pixel values (default: 1 2)")
    parser.add_argument("--steps", type=int, nargs="+", default=[10, 30], help="gradients per picture (default: 10 30)")
    parser.add_argument("--only", nargs="+", choices=CHOICES, default=["momentum", "calm", "sign"], help="methods")
    parser.add_argument("--smoke", action="store_true", help="two steps on two pictures: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    main()
