"""Evidence for lesson 11, Other networks."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import batched

import numpy as np
from tqdm import tqdm

from evidence.cases import Case, combine, complete, main
from evidence.report import compare_counts, compare_means, count, mean, tabulate
from lessons.other_networks import table
from lessons.other_networks.travel import FORGET_NOTHING, diverse
from tricknet import Class, Classifier, Logit, Objective, images
from tricknet.arrays import Floats, Pictures
from tricknet.attacks.gradients import averaged
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.steps import walk
from tricknet.attacks.transforms import blurring
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks import load

EPSILON, COPIES, BATCH = 16, 8, 8
NAMES = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
PAIR = "SqueezeNet + EfficientNet-Lite0"
SHOWN = ("trick", "upside down", "another's", "shuffled")
SETTINGS = combine(goal=["towards"], makers=[PAIR]) + combine(goal=["away"], makers=NAMES)  # joined by " + "


@cache
def prepare() -> tuple[dict[str, Classifier], list[Case]]:
    """The three networks, and the photographs."""
    networks: dict[str, Classifier] = {name: load(name) for name in NAMES}
    return networks, pick_cases(networks)


def pick_cases(networks: dict[str, Classifier]) -> list[Case]:
    """The photographs of HELD_OUT that every network names correctly.

    GoogLeNet names all of them correctly, so a network that agrees with it is right.
    """
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


def measure_angles() -> Iterator[Row]:
    """The cosine and its control: a row for each photograph, kind of gradient and pair of networks."""
    networks, photographs = prepare()
    for one in tqdm(photographs, desc="angles"):
        for kind in ("plain", "wobbled"):
            slopes = {name: find_slope(network, one, kind) for name, network in networks.items()}
            for first, second in itertools.combinations(NAMES, 2):
                row: Row = {"picture": one.name, "gradient": kind, "networks": f"{first} and {second}"}
                row["cosine"] = round(find_cosine(slopes[first], slopes[second]), 5)
                yield row | {"control": round(find_cosine(slopes[first], slopes[second][::-1]), 5)}


def find_slope(network: Classifier, one: Case, kind: str) -> Floats:
    """The gradient of the target's logit, or the mean of several, each through its own wobble."""
    if kind == "plain":
        return network.gradient(one.picture, Logit(one.target))
    return averaged(network, [Logit(one.target)], copies=COPIES, draw=diverse)(one.picture[None].astype(np.float32))[0]


def find_cosine(a: Floats, b: Floats) -> float:
    """The cosine of the angle between two gradients of the same shape."""
    return float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b))


def transfer_all() -> None:
    """Measure the settings that are missing from the table."""
    networks, photographs = prepare()
    complete(table, "transfer", SETTINGS, lambda **setting: transfer(networks, photographs, setting))


def transfer(networks: dict[str, Classifier], photographs: list[Case], setting: Row) -> list[Row]:
    """What every network says about the trick and about each control: a row for each photograph."""
    makers = [networks[name] for name in setting["makers"].split(" + ")]
    before = np.stack([one.picture for one in photographs])
    parts = [perturb(makers, some, setting) for some in batched(photographs, BATCH, strict=False)]
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


def perturb(makers: list[Classifier], photographs: Sequence[Case], setting: Row) -> Pictures:
    """The pictures that the setting's recipe makes."""
    before, away = np.stack([one.picture for one in photographs]), setting["goal"] == "away"
    objectives: list[Objective] = [-Class(one.first) if away else Logit(one.target) for one in photographs]
    if away:
        (maker,) = makers
        return walk(before, lambda now: maker.gradient(now, objectives), epsilon=EPSILON, steps=10)
    gradients_of = [averaged(one, objectives, copies=1, seed=9, draw=diverse) for one in makers]
    blur = blurring(2 / 3)  # pixels: as wide as the kernel of 5 x 5 pixels in Zhao et al. (2021)

    def sum_slopes(now: Floats) -> Floats:
        """Each network counts as much as any other, and a blur is what the mean over shifted pictures comes to."""
        slopes = [gradient_of(now) for gradient_of in gradients_of]
        summed = np.sum([slope / np.abs(slope).mean(axis=(1, 2, 3), keepdims=True) for slope in slopes], axis=0)
        return np.stack([blur(slope) for slope in summed])

    return walk(before, sum_slopes, epsilon=EPSILON, steps=300, method=FORGET_NOTHING)


def judge() -> list[Row]:
    """Was the judge fooled? A row for each photograph, each judge, and each thing that it was shown."""
    judgements = []
    for row in table("transfer"):
        wrong = ("target",) if row["goal"] == "towards" else ("target", "other")
        strangers = [name for name in NAMES if name not in row["makers"].split(" + ")]
        for judge, kind in itertools.product(strangers, SHOWN):
            answer = row[f"{judge}, {kind}"]
            hit = {"fooled": int(answer in wrong), "wrong": int(answer != "right")}
            judgements.append(row | {"judge": judge, "shown": kind} | hit)
    return judgements


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    controls = [({"shown": "trick"}, {"shown": kind}) for kind in SHOWN[1:]]
    wobbled = [({"gradient": "wobbled"}, {"gradient": "plain"})]
    cosines = {"cosine": mean("cosine", 3), "upside down": mean("control", 3)}
    return [
        tabulate(table("angles"), ["networks", "gradient"], cosines),
        compare_means(table("angles"), ["networks"], wobbled, column="cosine", digits=3),
        tabulate(judge(), ["goal", "makers", "judge"], {"": count("fooled")}, across=["shown"]),
        compare_counts(judge(), ["goal", "makers", "judge"], controls, counted=["fooled"]),
        compare_counts([row for row in judge() if row["goal"] == "towards"], ["judge"], controls, counted=["wrong"]),
    ]


if __name__ == "__main__":
    main(table, {"angles": measure_angles, "transfer": transfer_all}, make_tables)
