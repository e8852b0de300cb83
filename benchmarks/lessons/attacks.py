"""How often do other libraries succeed, for as many gradients as `trick` gets in benchmarks/lessons/methods.py?

    python -m benchmarks.lessons.attacks [held_out] [--epsilon 1 2] [--steps 30] [--only foolbox MI-FGSM]

Everyone gets the same photographs, targets (cases.py), network and number of gradient evaluations. A hit is
a picture of whole numbers, no value further than epsilon from where it was, whose top class is the target. Some peers'
steps come in several sizes. The rows go into benchmarks/tables/attacks.csv; `python -m benchmarks.report` shows them.

benchmarks/lessons/peers.py lets the peers attack Caffe's network itself, and says what they need.
"""

import argparse
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from tqdm import tqdm

from benchmarks.lessons.cases import SETS, Row, Setting, cases, measure
from benchmarks.lessons.peers import libraries, network, on_pictures
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

Attack = Callable[[np.ndarray, list[int], float, int], np.ndarray]  # (pictures, targets, epsilon, steps) -> pictures
BATCH = 10  # pictures in one call of a network


def main() -> None:
    """Run every attack at every epsilon that is missing in the table."""
    options = _options()
    model = GoogLeNet()
    names = SETS[options.set]
    pictures, targets = cases(model, names)
    attacks = {k: v for k, v in peers(model).items() if any(word in k for word in options.only)}

    def run(setting: Setting) -> list[Row]:
        attack, rows = attacks[setting.method], []
        for i in tqdm(range(0, len(names), BATCH), desc="batches", leave=False):
            wanted = targets[i : i + BATCH]
            said = judged(model, pictures[i : i + BATCH], wanted, attack, setting)
            for name, target, p in zip(names[i:], wanted, said, strict=False):
                hit, probability = int(p.argmax() == target), float(f"{p[target]:.3g}")
                rows.append({"picture": name, "target": target, "hit": hit, "probability": probability})
        return rows

    measure("attacks", [Setting(options.set, e, options.steps, name) for e in options.epsilon for name in attacks], run)


def judged(model: Classifier, pictures: np.ndarray, targets: list[int], attack: Attack, setting: Setting) -> np.ndarray:
    """The probabilities (pictures x classes) after an attack whose result is put into 8 bits and into the box."""
    start = pictures.astype(np.float32)
    after = np.rint(attack(pictures, targets, setting.epsilon, setting.steps))
    low, high = np.ceil(start - setting.epsilon), np.floor(start + setting.epsilon)
    after = np.clip(after, low, high).clip(0, 255).astype(np.uint8)
    return np.stack([said.probabilities for said in model.predict_all(after)])


def peers(model: Classifier) -> dict[str, Attack]:
    """What other libraries offer for the same job."""
    _, foolbox, torchattacks, adv_lib = libraries("foolbox", "torchattacks", "adv_lib.attacks")
    warnings.filterwarnings("ignore", module="foolbox")
    attacked = network(model)

    def of_foolbox(name: str, **settings) -> Attack:
        def run(pictures, targets, epsilon, steps):
            attack = getattr(foolbox.attacks, name)(steps=steps, **settings)
            bounded, wanted = foolbox.PyTorchModel(attacked, bounds=(0, 1)), foolbox.criteria.TargetedMisclassification
            return on_pictures(lambda x, t: attack(bounded, x, wanted(t), epsilons=epsilon / 255)[1], pictures, targets)

        return run

    def of_torchattacks(name: str, share: float) -> Attack:
        def run(pictures, targets, epsilon, steps):
            attack = getattr(torchattacks, name)(attacked, eps=epsilon / 255, alpha=share * epsilon / 255, steps=steps)
            attack.set_mode_targeted_by_label(quiet=True)
            return on_pictures(attack, pictures, targets)

        return run

    def apgd_ce(pictures, targets, epsilon, steps):
        settings = {"norm": float("inf"), "targeted": True, "loss_function": "ce", "best_loss": True}
        iterations = steps - 1  # and a gradient at the start
        attack = partial(adv_lib.apgd, attacked, eps=epsilon / 255, n_iter=iterations, **settings)
        return on_pictures(attack, pictures, targets)

    return {
        "foolbox LinfPGD, its defaults": of_foolbox("LinfPGD"),
        **{f"foolbox LinfPGD, step epsilon/{n}": of_foolbox("LinfPGD", rel_stepsize=1 / n) for n in (8, 4)},
        "foolbox BasicIterative, its defaults": of_foolbox("LinfBasicIterativeAttack"),
        **{f"torchattacks PGD, step epsilon/{n}": of_torchattacks("PGD", 1 / n) for n in (8, 4)},
        **{f"torchattacks MI-FGSM, step epsilon/{n}": of_torchattacks("MIFGSM", 1 / n) for n in (8, 4, 1)},
        "adv-lib APGD-CE": apgd_ce,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", nargs="?", choices=SETS, default="held_out", help="photographs (default: held_out)")
    parser.add_argument("--epsilon", type=float, nargs="+", default=[1], help="in pixel values (default: 1)")
    parser.add_argument("--steps", type=int, default=30, help="gradients for each picture (default: 30)")
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORD", help="attacks whose name holds one of these words"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
