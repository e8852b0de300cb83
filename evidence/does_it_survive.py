"""Evidence for lesson 8, Does it survive?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import batched

import numpy as np
from tqdm import tqdm

from evidence.cases import Case, combine, complete, draw_cases, main
from evidence.report import compare_counts, count, mean, melt, tabulate
from lessons.does_it_survive import table
from lessons.does_it_survive.survival import MOVES, WAYS, follows, moved, soft, survives
from lessons.does_it_survive.unseen import UNSEEN, another_camera
from tricknet import Classifier, images, load, trick
from tricknet.arrays import Picture, Pictures
from tricknet.attacks import gradients, transforms
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

CAMERAS: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "photographed": transforms.photographed,
    "another camera": another_camera,
    "another camera, soft": lambda picture, random: soft(another_camera(picture, random)),
}
ONCE = (*UNSEEN, *CAMERAS)  # each change or camera by itself
LOOKS = 8  # how often each picture is photographed
COPIES, STEPS = 2, 20  # of the steps on the mean: 40 gradients
BATCH = 5  # photographs at a time
LAYERS = {"conv1/7x7_s2": 2, "conv2/3x3": 4, "inception_3b/output": 8, "inception_4e/output": 16}  # and their strides
NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
MOVED = [  # the kinds of pictures in `moves`
    *combine(network=NETWORKS, how=["photograph"], epsilon=[0]),
    *combine(network=NETWORKS, how=["plain"], epsilon=[2]),
    *combine(network=["GoogLeNet"], how=["plain", "sturdy"], epsilon=[8]),
]
KINDS: dict[str, list[Row]] = {  # and in the tables after it
    "survival": [
        *combine(how=["plain"], epsilon=[2, 8], steps=[STEPS]),
        {"how": "sturdy", "epsilon": 8, "steps": STEPS},
    ],
    "unseen": [
        {"how": "photograph", "epsilon": 0, "steps": 0},
        {"how": "sturdy", "epsilon": 8, "steps": STEPS},
        {"how": "plain", "epsilon": 8, "steps": STEPS * COPIES},  # as many gradients
    ],
}


def draw_any_cases(model: Classifier) -> list[Case]:
    """The photographs, each with a random target that may be among the network's first five answers."""
    photographs, random = load_all(images.HELD_OUT), np.random.default_rng(1)
    first = first_answers(model, photographs)
    targets = [next(int(c) for c in random.permutation(1000) if c != answer) for answer in first]
    return list(map(Case, images.HELD_OUT, photographs, first, targets))


def move_all() -> None:
    """Photographs and tricks that move to the right, on three networks."""
    loaded = cache(load)

    def measure(network: str, how: str, epsilon: float, picture: str) -> list[Row]:
        model = loaded(network)
        (case,) = draw_cases(model, [picture])
        (after,) = make_pictures(model, [case], 0, how, epsilon, STEPS)
        pictures = {str(right): moved(after, right) for right in MOVES}
        return [{"target": model.labels[case.target]} | see(model, case, pictures)]

    complete(table, "moves", [kind | {"picture": name} for kind in MOVED for name in images.HELD_OUT], measure)


def follow_strides() -> Iterator[Row]:
    """How well activations move along with a photograph, and with what a trick adds to them."""
    model = load("GoogLeNet")
    for case in tqdm(draw_cases(model, images.HELD_OUT[:3]), desc="strides"):
        after = trick(model, case.picture, case.target, epsilon=2, steps=STEPS).after
        bare, tricked = ([model.by_layer(moved(p, k), LAYERS) for k in MOVES] for p in (case.picture, after))
        for layer, stride in LAYERS.items():
            added = [b[layer] - a[layer] for a, b in zip(bare, tricked, strict=True)]
            for what, maps in {"photograph": [a[layer] for a in bare], "trick": added}.items():
                scores = {str(k): round(follows(maps[0], m, k / stride), 3) for k, m in zip(MOVES, maps, strict=True)}
                yield {"picture": case.name, "layer": layer, "stride": stride, "what": what} | scores


def make_each(name: str) -> Iterator[Row]:
    """The rows of `survival` or `unseen`: one for each kind of picture that is made from a photograph."""
    model = load("GoogLeNet")
    for number, some in enumerate(batched(tqdm(draw_any_cases(model)), BATCH, strict=False)):
        for how in KINDS[name]:
            for case, picture in zip(some, make_pictures(model, some, number * BATCH, **how), strict=True):
                row: Row = {"picture": case.name, "target": model.labels[case.target]}
                yield row | how | judge(name, model, case, picture)


def make_pictures(model: Classifier, some: Sequence[Case], seed: int, how: str, epsilon: float, steps: int) -> Pictures:
    """The photographs of some cases, or tricks made from them: plain ones, or sturdy ones."""
    if how == "plain":
        return np.stack([trick(model, c.picture, c.target, epsilon=epsilon, steps=steps).after for c in some])
    photographs = np.stack([case.picture for case in some])
    if how == "photograph":
        return photographs
    gradient_of = gradients.averaged(model, [case.target for case in some], copies=COPIES, seed=seed)
    return walk(photographs, gradient_of, epsilon=epsilon, steps=steps)


def judge(name: str, model: Classifier, case: Case, picture: Picture) -> Row:
    """The cells of a row of `survival` or `unseen`: what the network sees after each change, and in each camera."""
    if name == "survival":
        pictures, cameras = {way: change(picture) for way, change in WAYS.items()}, ["photographed"]
    else:
        pictures, cameras = {"PNG": picture} | {way: change(picture) for way, change in UNSEEN.items()}, [*CAMERAS]
        pictures |= {f"{way}, soft": soft(after) for way, after in pictures.items()}
    cells = see(model, case, pictures)
    goal = case.first if np.array_equal(case.picture, picture) else case.target
    for camera in cameras:
        looks = [CAMERAS[camera](picture, np.random.default_rng(1000 + k)) for k in range(LOOKS)]
        cells[camera] = first_answers(model, looks).count(goal)
    return cells


def see(model: Classifier, case: Case, pictures: Mapping[str, Picture]) -> Row:
    """Under the name of each picture, what the network sees: the target, the first answer or something else."""
    words, answers = {case.target: "target", case.first: "first"}, first_answers(model, pictures.values())
    return {name: words.get(answer, "other") for name, answer in zip(pictures, answers, strict=True)}


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    for name, kinds in ({"moves": MOVED} | KINDS).items():
        assert sorted(row["picture"] for row in table(name)) == sorted(images.HELD_OUT * len(kinds))
    trained = [({"how": "sturdy"}, {"how": "plain"})]
    worked = [row for row in table("moves") if survives(row, "0")]
    worked = melt(worked, map(str, MOVES), name="moved by")
    worked = [row | {"value": int(survives(row, row["moved by"]))} for row in worked]
    followed = melt(table("strides"), map(str, MOVES), name="moved by")
    survived = list_outcomes("survival", [*WAYS, "photographed"])
    unseen = list_outcomes("unseen", list(table("unseen")[0])[5:])
    return [
        tabulate(worked, ["moved by"], {"": count("value")}, across=["network", "how", "epsilon"]),
        tabulate(followed, ["what", "layer", "moved by"], {"correlations": mean("value")}),
        tabulate(survived, ["change"], {"": count("value")}, across=["how", "epsilon"]),
        compare_counts([r for r in survived if r["epsilon"] == 8], ["change"], trained, counted=["value"]),
        tabulate(unseen, ["change"], {"": count("value")}, across=["how"]),
        compare_counts([r for r in unseen if r["change"] in ONCE], ["change"], trained, counted=["value"]),
    ]


def list_outcomes(name: str, shots: list[str]) -> list[Row]:
    """A row for each of these changes and each row of a table: does the picture survive?"""
    return [row | {"value": int(survives(row, row["change"]))} for row in melt(table(name), shots)]


if __name__ == "__main__":
    both = {name: partial(make_each, name) for name in KINDS}
    main(table, {"moves": move_all, "strides": follow_strides, **both}, make_tables)
