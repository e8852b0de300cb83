"""Evidence for lesson 9, A camera."""

from functools import partial

import numpy as np

from evidence.cases import Case, complete, main
from evidence.report import compare_counts, count, melt, tabulate
from evidence.tricked import COPIES, make_pictures, see
from lessons.camera import table
from lessons.camera.changes import CAMERAS, EXAM, HOMEWORK, PARTS
from lessons.one_pixel.survival import MOVES, survives
from tricknet import Classifier, images, load
from tricknet.arrays import Picture
from tricknet.attacks import transforms
from tricknet.counting import Row
from tricknet.images import load_all
from tricknet.networks.classifier import first_answers

LOOKS = 8  # how often each camera photographs a picture
STEPS = 20  # on the mean of two gradients
PLAIN = {"how": "plain", "epsilon": 8, "steps": STEPS * COPIES}  # as many gradients
STURDY = {"how": "sturdy", "epsilon": 8, "steps": STEPS}
KINDS: dict[str, list[Row]] = {  # in each table
    "survival": [PLAIN | {"steps": STEPS}, STURDY],
    "exam": [{"how": "photograph", "epsilon": 0, "steps": 0}, PLAIN, STURDY],
    "uncropped": [STURDY | {"how": "uncropped"}],
}
MOVING = {f"moved by {k}": partial(transforms.move, right=k) for k in MOVES[1:]}
CHANGES = {"PNG": lambda p: p} | HOMEWORK | PARTS | MOVING | EXAM
ASKED = {"survival": ["PNG", "JPEG 85", "JPEG 50"], "exam": [*CHANGES], "uncropped": ["PNG", *MOVING]}


def draw_any_cases(model: Classifier) -> list[Case]:
    """The photographs, each with a random target that may be among the network's first five answers."""
    photographs, random = load_all(images.HELD_OUT), np.random.default_rng(1)
    first = first_answers(model, photographs)
    targets = [next(int(c) for c in random.permutation(1000) if c != answer) for answer in first]
    return list(map(Case, images.HELD_OUT, photographs, first, targets))


def make(name: str) -> None:
    model = load("GoogLeNet")
    cases = {case.name: case for case in draw_any_cases(model)}

    def measure(picture: str, how: str, epsilon: float, steps: int) -> list[Row]:
        case = cases[picture]
        (made,) = make_pictures(model, [case], images.HELD_OUT.index(picture), how, epsilon, steps)
        return [{"target": model.labels[case.target]} | judge(name, model, case, made)]

    complete(table, name, [kind | {"picture": picture} for kind in KINDS[name] for picture in cases], measure)


def judge(name: str, model: Classifier, case: Case, picture: Picture) -> Row:
    """The cells of a row: what the network sees after each change, and in the exam also in each camera."""
    cells = see(model, case, {way: CHANGES[way](picture) for way in ASKED[name]})
    goal = case.first if np.array_equal(case.picture, picture) else case.target
    for camera, shoot in CAMERAS.items() if name == "exam" else ():
        looks = [shoot(picture, np.random.default_rng(1000 + k)) for k in range(LOOKS)]
        cells[camera] = first_answers(model, looks).count(goal)
    return cells


def make_tables() -> list[str]:
    for name, kinds in KINDS.items():
        assert sorted(row["picture"] for row in table(name)) == sorted(images.HELD_OUT * len(kinds))
    first, rows, uncropped = map(list_outcomes, KINDS)
    crops = [row for row in rows if row["how"] == "plain" and row["change"] in ("cropped by 8", *PARTS)]
    parts = [({"change": part}, {"change": "cropped by 8"}) for part in PARTS]
    return [
        tabulate(first, ["change"], {"": count("value")}, across=["how"]),
        tabulate(rows, ["change"], {"": count("value")}, across=["how"]),
        tabulate(uncropped, ["change"], {"": count("value")}, across=["how"]),
        compare_counts(crops, ["how"], parts, counted=["value"]),
        compare(rows, [*HOMEWORK, *EXAM, *CAMERAS], "sturdy", "plain"),
        *(compare(rows + uncropped, [*MOVING], "uncropped", other) for other in ("plain", "sturdy")),
    ]


def list_outcomes(name: str) -> list[Row]:
    """A row for each change and each row of a table: does the picture survive?"""
    rows = table(name)
    return [row | {"value": int(survives(row, row["change"]))} for row in melt(rows, list(rows[0])[5:])]


def compare(rows: list[Row], changes: list[str], first: str, second: str) -> str:
    """Paired tests of two kinds of trick after each change, on the photographs where both worked untouched."""
    failed = {row["picture"] for row in rows if row["how"] in (first, second) and not survives(row, "PNG")}
    some = [row for row in rows if row["change"] in changes and row["picture"] not in failed]
    return compare_counts(some, ["change"], [({"how": first}, {"how": second})], counted=["value"])


if __name__ == "__main__":
    main(table, {name: partial(make, name) for name in KINDS}, make_tables)
