"""How small can a targeted change be, in L2? `smallest` against DDN, FMN and ALMA, with as many gradients.

`benchmarks.peers` lets the rivals attack Caffe's network itself, which is shown whole numbers, and says what they need.
The nearest hit that it was shown counts.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.peers import libraries, network, on_pictures
from lessons.survive import table
from tricknet import images
from tricknet.arrays import Picture, rounded
from tricknet.attacks.least import distance, smallest
from tricknet.attacks.trick import trick
from tricknet.cases import Setting, cases, measure
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

Attack = Callable[[Picture, int, int], np.ndarray]  # (picture, target, gradients) -> the picture perturbed
MANY, STEPS = 10, 100  # photographs, chosen before anything was measured, and gradients for each
BUDGETS = (1, 2, 3, 4, 6)  # for the attack that has one


def least() -> None:
    """Measure the attacks that are missing in the table. Each gets the same photographs, targets and gradients."""
    model, names = GoogLeNet(), images.HELD_OUT[:MANY]
    photographs, targets = cases(model, names)

    def run(setting: Setting) -> list[Row]:
        attack, rows = ATTACKS[setting.method](model), []
        for name, photograph, target in zip(tqdm(names, leave=False), photographs, targets, strict=True):
            after = rounded(attack(photograph, target, setting.steps))
            hit, size = int(model.predict(after).best.index == target), distance(after, photograph)
            rows.append({"picture": name, "target": target, "hit": hit, "l2": round(size, 1)})
        return rows

    measure(table, "least", [Setting("held_out", 255, STEPS, name) for name in ATTACKS], run)


def of_budgets(model: Classifier) -> Attack:
    """`trick` along the gradient itself at several budgets, which share the gradients; the smallest that hits."""

    def run(picture: Picture, target: int, steps: int) -> np.ndarray:
        share = steps // len(BUDGETS)
        tricks = [trick(model, picture, target, epsilon=e, steps=share, method="gradient") for e in BUDGETS]
        hits = [one.after for one in tricks if one.fooled] or [picture]
        return min(hits, key=partial(distance, before=picture))

    return run


def rival(model: Classifier, attack: Callable[..., Any]) -> Attack:
    """Another library's attack, of which the nearest hit that the network was shown counts.

    attack: takes a network, tensors and targets, and the number of steps.
    """

    def run(picture: Picture, target: int, steps: int) -> np.ndarray:
        hits = [picture]

        def watch(pictures: np.ndarray, probabilities: np.ndarray) -> None:
            far = [distance(one, picture) for one in (pictures[0], hits[-1])]
            if probabilities[0].argmax() == target and (len(hits) == 1 or far[0] < far[1]):
                hits.append(pictures[0].copy())

        asked = network(model, rounded=True, watch=watch)
        on_pictures(lambda x, t: attack(asked, x, t, steps), picture[None], [target])
        if asked.gradients > steps:
            raise RuntimeError(f"The attack took {asked.gradients} gradients in place of {steps}.")
        return hits[-1]

    return run


def of_adv_lib(name: str, steps: str = "steps", **settings: Any) -> Callable[[Classifier], Attack]:
    """One of adv-lib's attacks, with its defaults but for `settings`. steps: what it calls their number."""

    def make(model: Classifier) -> Attack:
        _, attacks = libraries("adv_lib.attacks")
        attack = partial(getattr(attacks, name), targeted=True, **settings)
        return rival(model, lambda asked, x, t, many: attack(asked, x, t, **{steps: many}))

    return make


def by_smallest(model: Classifier) -> Attack:
    """`smallest`."""
    return lambda picture, target, steps: smallest(model, picture, target, steps=steps).after


ATTACKS: dict[str, Callable[[Classifier], Attack]] = {
    "tricknet smallest": by_smallest,
    "adv-lib DDN": of_adv_lib("ddn"),
    "adv-lib DDN, rounding what is shown": of_adv_lib("ddn", levels=None),
    "adv-lib FMN": of_adv_lib("fmn", norm=2),
    # as its authors ran 100 steps on ImageNet
    "adv-lib ALMA": of_adv_lib("alma", "num_steps", init_lr_distance=0.1, α=0.5),
    "tricknet trick, gradient, five budgets": of_budgets,
}
