"""Which way of stepping hits its target most often, and which one gets there calmly?

    python -m benchmarks.methods evidence --epsilon 1 --steps 10 30 --only momentum cosine
    python -m benchmarks.methods

Each photograph has one target: a class drawn at random, but none of the five that the network finds likeliest in it.
A hit is a picture of whole numbers, no value further than epsilon from where it was, whose top class is the target.
benchmarks/cases.py says how the table methods.csv grows; `python -m benchmarks.report` shows it.

The size of the cosine steps was chosen on EVIDENCE. HELD_OUT judges.
"""

import argparse
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from benchmarks.cases import SETS, Row, Setting, cases, measure
from tricknet.model import Classifier, GoogLeNet

Array = npt.NDArray[np.float32]
Direction = Callable[[Array, Array, int, int], Array]  # (gradient, velocity, step, steps) -> move in units of epsilon

BATCH = 5  # pictures in one call of the network
CALM = 0.01  # a smaller change of the probability is no change of direction


def main() -> None:
    """Measure what is asked for and still missing."""
    options = _options()
    model = GoogLeNet()
    if options.smoke:
        print(*measured(model, SETS["evidence"][:2], Setting("evidence", 1, 2, "cosine")), sep="\n")
        return
    wanted = [Setting(options.set, e, s, m) for e in options.epsilon for s in options.steps for m in options.only]
    measure("methods", wanted, lambda setting: measured(model, SETS[setting.set], setting))


def measured(model: Classifier, names: tuple[str, ...], setting: Setting) -> list[Row]:
    """One row per picture: was the target hit, with which probability, and how calm was the way?"""
    photographs, targets = cases(model, names)
    rows = []
    for i in tqdm(range(0, len(names), BATCH), desc="batches", leave=False):
        batch, wanted = photographs[i : i + BATCH], targets[i : i + BATCH]
        for name, target, p in zip(names[i:], wanted, path(model, batch, wanted, setting), strict=False):
            turns, fall = calmness(p[:, target])
            hit, last = int(p[-1].argmax() == target), float(p[-1, target])
            row = {"picture": name, "target": target, "hit": hit, "probability": float(f"{last:.3g}")}
            rows.append(row | {"reversals": turns, "fall": round(fall, 3)})
    return rows


def path(model: Classifier, pictures: npt.NDArray[np.uint8], targets: list[int], setting: Setting) -> Array:
    """The probabilities along the way: pictures x (steps + 1) x classes."""
    start, direction = pictures.astype(np.float32), CANDIDATES[setting.method]
    low, high = np.maximum(start - setting.epsilon, 0), np.minimum(start + setting.epsilon, 255)
    x, velocity, said = start, np.zeros_like(start), []
    for step in range(setting.steps):
        predictions, gradient = model.predict_and_gradient(np.rint(x).astype(np.uint8), targets)
        said.append([prediction.probabilities for prediction in predictions])
        x = np.clip(x + setting.epsilon * direction(gradient, velocity, step, setting.steps), low, high)
    said.append([prediction.probabilities for prediction in model.predict(np.rint(x).astype(np.uint8))])
    return np.array(said).swapaxes(0, 1)


def calmness(p: Array) -> tuple[int, float]:
    """(how often the probability turns round on its way, how far it falls in all); moves below CALM do not count."""
    moves = np.diff(p)
    moves = moves[np.abs(moves) > CALM]
    return int((moves[1:] * moves[:-1] < 0).sum()), float(abs(moves[moves < 0].sum()))


def _scaled(gradient: Array) -> Array:
    return gradient / np.maximum(np.abs(gradient).mean(axis=(1, 2, 3), keepdims=True), np.finfo(np.float32).tiny)


def _sign(gradient: Array, velocity: Array, step: int, steps: int) -> Array:
    return (1 - step / steps) * np.sign(gradient)


def _momentum(gradient: Array, velocity: Array, step: int, steps: int) -> Array:
    velocity *= (step / (step + 1)) ** 3
    velocity += _scaled(gradient)
    return 4 * (1 - step / steps) * np.sign(velocity)


def cosine(factor: float) -> Direction:
    """Steps that shrink along half a cosine, from `factor` times epsilon, with a momentum of 0.75."""

    def direction(gradient: Array, velocity: Array, step: int, steps: int) -> Array:
        velocity *= 0.75
        velocity += _scaled(gradient)
        return factor * (1 + np.cos(np.pi * step / steps)) / 2 * np.sign(velocity)

    return direction


CANDIDATES: dict[str, Direction] = {"momentum": _momentum, "sign": _sign}
CANDIDATES |= {"cosine": cosine(1), "cosine x2": cosine(2), "cosine x4": cosine(4)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", nargs="?", choices=SETS, default="held_out", help="photographs (default: held_out)")
    parser.add_argument("--epsilon", type=float, nargs="+", default=[1, 2], help="in pixel values (default: 1 2)")
    parser.add_argument("--steps", type=int, nargs="+", default=[10, 30], help="gradients per picture (default: 10 30)")
    parser.add_argument("--only", nargs="+", choices=CANDIDATES, default=["momentum", "cosine", "sign"], help="methods")
    parser.add_argument("--smoke", action="store_true", help="two steps on two pictures: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    main()
