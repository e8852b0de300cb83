"""Evidence for lesson 11, Other networks."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from tqdm import tqdm

from evidence.cases import Case, main
from evidence.report import compare_counts, compare_means, count, mean, melt, tabulate
from lessons.other_networks import table
from lessons.other_networks.travel import FORGET_NOTHING, diverse, sum_even, travelling
from tricknet import Classifier, Logit, Objective, images
from tricknet.arrays import Floats, Pictures
from tricknet.attacks.gradients import averaged
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.steps import walk
from tricknet.attacks.transforms import blurring
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks import load

COPIES, SEEDS = 8, 5
NAMES = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
ANGLES = ("cosine", "another class", "upside down", "shuffled")
SHOWN = ("trick", "upside down", "another's", "shuffled")
HELPERS = [NAMES[1:], NAMES[1:2] * 2, NAMES[2:] * 2]  # two gradients a step


@cache
def prepare() -> tuple[dict[str, Classifier], list[Case]]:
    """The three networks, and the photographs."""
    networks: dict[str, Classifier] = {name: load(name) for name in NAMES}
    return networks, pick_cases(networks)


def pick_cases(networks: dict[str, Classifier]) -> list[Case]:
    """The photographs of HELD_OUT that every network names as GoogLeNet does, which names all of them correctly."""
    photographs, pictures = [], load_all(images.HELD_OUT)
    predictions = [network.predict(list(pictures)) for network in networks.values()]
    for name, picture, *answers in zip(images.HELD_OUT, pictures, *predictions, strict=True):
        best = {answer.best.index for answer in answers}
        likeliest = {label for answer in answers for label, _, _ in answer.top(5)}
        random = np.random.default_rng([9, *name.encode()])  # by name, whatever other pictures are asked for
        target = next(int(label) for label in random.permutation(1000) if label not in likeliest)
        if len(best) == 1:
            photographs.append(Case(name, picture, best.pop(), target))
    return photographs


def try_seeds() -> Iterator[Row]:
    """What GoogLeNet says about the page's panda, made on both helpers or on one of them twice: a row for each seed."""
    networks, panda = prepare()[0], images.load("panda")
    for seed, names in tqdm(list(itertools.product(range(SEEDS), HELPERS)), desc="seeds"):
        picture = travelling([networks[name] for name in names], panda, Logit("vulture"), seed=seed)
        says = networks["GoogLeNet"].predict(picture)
        row: Row = {"made on": " and ".join(names), "seed": seed}
        yield row | {"GoogLeNet": says.best.name, "p": round(says["vulture"], 3)}


def measure_angles() -> Iterator[Row]:
    """The cosine and its controls: a row for each photograph, kind of gradient and pair of networks."""
    networks, photographs = prepare()
    for one in tqdm(photographs, desc="angles"):
        for kind in ("plain", "wobbled"):
            slopes = {name: find_slope(network, one, kind) for name, network in networks.items()}
            strange = Case(one.name, one.picture, one.first, (one.target + 500) % 1000)
            for (a, first), (b, second) in itertools.combinations(slopes.items(), 2):
                row: Row = {"picture": one.name, "gradient": kind, "networks": f"{a} and {b}"}
                others = second, find_slope(networks[b], strange, kind), second[::-1], shuffled(second, 9)
                yield row | {how: find_cosine(first, other) for how, other in zip(ANGLES, others, strict=True)}


def find_slope(network: Classifier, one: Case, kind: str) -> Floats:
    """The gradient of the target's logit, or the mean of several, each through its own wobble."""
    if kind == "plain":
        return network.gradient(one.picture, Logit(one.target))
    return averaged(network, [Logit(one.target)], copies=COPIES, draw=diverse)(one.picture[None].astype(np.float32))[0]


def find_cosine(a: Floats, b: Floats) -> float:
    """The cosine of the angle between two gradients of the same shape."""
    return round(float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b)), 5)


def transfer() -> list[Row]:
    """What every network says about the helpers' trick and about each control: a row for each photograph."""
    networks, photographs = prepare()
    before = np.stack([one.picture for one in photographs])
    parts = [perturb([networks[k] for k in HELPERS[0]], few) for few in itertools.batched(photographs, 8, strict=False)]
    perturbations = np.concatenate(parts).astype(int) - before
    elsewhere = [shuffled(p, [9, *one.name.encode()]) for p, one in zip(perturbations, photographs, strict=True)]
    changes = (perturbations, perturbations[:, ::-1], np.roll(perturbations, 1, axis=0), np.stack(elsewhere))
    own = [one.target for one in photographs]
    measured: list[Row] = [{"picture": one.name} for one in photographs]
    for kind, change, targets in zip(SHOWN, changes, (own, own, own[-1:] + own[:-1], own), strict=True):
        for judge, network in networks.items():
            predictions = network.predict(list(added(before, change)))
            for row, one, target, prediction in zip(measured, photographs, targets, predictions, strict=True):
                row[f"{judge}, {kind}"] = {target: "target", one.first: "right"}.get(prediction.best.index, "other")
    return measured


def perturb(makers: list[Classifier], photographs: Sequence[Case]) -> Pictures:
    """The pictures that the recipe makes."""
    objectives: list[Objective] = [Logit(one.target) for one in photographs]
    gradients_of = [averaged(one, objectives, copies=1, seed=9, draw=diverse) for one in makers]
    blur = blurring(2 / 3)  # the mean over shifted pictures, as wide as the 5 x 5 kernel in Zhao et al. (2021)

    def summed(now: Floats) -> Floats:
        return np.stack([blur(slope) for slope in sum_even([gradient_of(now) for gradient_of in gradients_of])])

    return walk(np.stack([one.picture for one in photographs]), summed, epsilon=16, steps=300, method=FORGET_NOTHING)


def make_tables() -> list[str]:
    judged = [
        {"picture": row["picture"], "shown": kind, "GoogLeNet": row[f"GoogLeNet, {kind}"]}
        for row, kind in itertools.product(table("transfer"), SHOWN)
    ]
    controls = [({"shown": "trick"}, {"shown": kind}) for kind in SHOWN[1:]]
    cosines = melt(table("angles"), ANGLES, name="second is", value="angle")
    turned = [({"second is": "cosine"}, {"second is": kind}) for kind in ANGLES[1:3]]
    target, wrong = ("GoogLeNet", "target"), ("GoogLeNet", "target", "other")
    return [
        tabulate(table("seeds"), ["made on"], {"vulture": count("GoogLeNet", "vulture")}),
        tabulate(table("angles"), ["networks", "gradient"], {what: mean(what, 3) for what in ANGLES}),
        compare_means(cosines, ["networks", "gradient"], turned, column="angle", digits=3),
        tabulate(judged, ["shown"], {"the target": count(*target), "anything wrong": count(*wrong)}),
        *(compare_counts(judged, [], controls, counted=counted) for counted in (target, wrong)),
    ]


if __name__ == "__main__":
    main(table, {"seeds": try_seeds, "angles": measure_angles, "transfer": transfer}, make_tables)
