"""How often do foolbox and torchattacks succeed, for as many gradients as `trick` gets in benchmarks/methods.py?

    python -m benchmarks.attacks [held_out] [--epsilon 1 2] [--steps 30] [--only foolbox MI-FGSM]

Everyone gets the same photographs, targets (benchmarks/cases.py), network and number of gradient evaluations. These
peers work on the twin of GoogLeNet in PyTorch. A hit is a picture of whole numbers, no value further than epsilon from
where it was, whose top class is the target; Caffe is the judge of all. The peers' steps come in several sizes. The
rows go into benchmarks/tables/attacks.csv; `python -m benchmarks.report` shows them.

Needs python3-torch (Debian's) and `pip install --no-deps -r benchmarks/requirements.txt`.
"""

import argparse
import importlib
import warnings
from collections.abc import Callable

import numpy as np
from tqdm import tqdm

from benchmarks.cases import SETS, Row, Setting, cases, measure
from tricknet.model import Classifier, GoogLeNet

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
    return np.stack([said.probabilities for said in model.predict(after)])


def peers(model: Classifier) -> dict[str, Attack]:
    """What other libraries offer for the same job, on the twin; says loudly if they are not installed."""
    try:
        from reference.torch_twin import SlicedLRN, googlenet_twin, torch  # first: it finds PyTorch for the other two

        foolbox, torchattacks = map(importlib.import_module, ("foolbox", "torchattacks"))
    except ImportError as error:
        print(f"NO PEERS MEASURED: {error}. Install them as benchmarks/attacks.py says at its top, and run it again.")
        return {}

    warnings.filterwarnings("ignore", module="foolbox")
    layers = {name: [blob.data for blob in blobs] for name, blobs in model.net.params.items()}
    mean = torch.tensor(model.mean)[:, None, None]
    twin = googlenet_twin(layers, SlicedLRN).to(memory_format=torch.channels_last)

    class Network(torch.nn.Module):
        """From what the libraries expect, RGB 0..1, to logits."""

        def __init__(self):
            super().__init__()
            self.twin = twin  # so that the libraries find parameters, and in them the device

        def forward(self, x):
            return self.twin((255 * x - mean).flip(1).contiguous(memory_format=torch.channels_last))

    network = Network().eval()

    def on_tensors(attack: Callable) -> Attack:
        def run(pictures, targets, epsilon, steps):
            torch.manual_seed(0)
            x = torch.tensor(pictures).permute(0, 3, 1, 2) / 255
            after = attack(x, torch.tensor(targets), epsilon / 255, steps)
            return 255 * after.detach().permute(0, 2, 3, 1).numpy()

        return run

    def foolbox_pgd(**settings) -> Attack:
        def run(x, targets, epsilon, steps):
            wanted = foolbox.criteria.TargetedMisclassification(targets)
            bounded = foolbox.PyTorchModel(network, bounds=(0, 1))
            return foolbox.attacks.LinfPGD(steps=steps, **settings)(bounded, x, wanted, epsilons=epsilon)[1]

        return on_tensors(run)

    def of_torchattacks(name: str, share: float) -> Attack:
        def run(x, targets, epsilon, steps):
            attack = getattr(torchattacks, name)(network, eps=epsilon, alpha=share * epsilon, steps=steps)
            attack.set_mode_targeted_by_label(quiet=True)
            return attack(x, targets)

        return on_tensors(run)

    return {
        "foolbox LinfPGD, its defaults": foolbox_pgd(),
        **{f"foolbox LinfPGD, step epsilon/{n}": foolbox_pgd(rel_stepsize=1 / n) for n in (8, 4)},
        **{f"torchattacks PGD, step epsilon/{n}": of_torchattacks("PGD", 1 / n) for n in (8, 4)},
        **{f"torchattacks MI-FGSM, step epsilon/{n}": of_torchattacks("MIFGSM", 1 / n) for n in (8, 4, 1)},
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
