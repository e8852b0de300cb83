"""Evidence for lesson 9, A camera."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import batched

import numpy as np
from tqdm import tqdm

from evidence.cases import Case, combine, main
from evidence.report import compare_counts, count, melt, tabulate
from evidence.tricked import COPIES, make_pictures, see
from lessons.camera import table
from lessons.camera.unseen import UNSEEN, another_camera
from lessons.camera.ways import WAYS, soft
from lessons.one_pixel.survival import survives
from tricknet import Classifier, images, load
from tricknet.arrays import Picture
from tricknet.attacks import transforms
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
STEPS = 20  # on the mean of two gradients
BATCH = 5  # photographs at a time
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


def make_each(name: str) -> Iterator[Row]:
    """The rows of `survival` or `unseen`: one for each kind of picture that is made from a photograph."""
    model = load("GoogLeNet")
    for number, some in enumerate(batched(tqdm(draw_any_cases(model)), BATCH, strict=False)):
        for how in KINDS[name]:
            for case, picture in zip(some, make_pictures(model, some, number * BATCH, **how), strict=True):
                row: Row = {"picture": case.name, "target": model.labels[case.target]}
                yield row | how | judge(name, model, case, picture)


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


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    for name, kinds in KINDS.items():
        assert sorted(row["picture"] for row in table(name)) == sorted(images.HELD_OUT * len(kinds))
    trained = [({"how": "sturdy"}, {"how": "plain"})]
    survived = list_outcomes("survival", [*WAYS, "photographed"])
    unseen = list_outcomes("unseen", list(table("unseen")[0])[5:])
    return [
        tabulate(survived, ["change"], {"": count("value")}, across=["how", "epsilon"]),
        compare_counts([r for r in survived if r["epsilon"] == 8], ["change"], trained, counted=["value"]),
        tabulate(unseen, ["change"], {"": count("value")}, across=["how"]),
        compare_counts([r for r in unseen if r["change"] in ONCE], ["change"], trained, counted=["value"]),
    ]


def list_outcomes(name: str, shots: list[str]) -> list[Row]:
    """A row for each of these changes and each row of a table: does the picture survive?"""
    return [row | {"value": int(survives(row, row["change"]))} for row in melt(table(name), shots)]


if __name__ == "__main__":
    main(table, {name: partial(make_each, name) for name in KINDS}, make_tables)
