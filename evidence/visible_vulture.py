"""Evidence for lesson 17, A vulture you can see."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import compare_counts, count, mean, tabulate
from lessons.visible_vulture import QUIZ, STRANGERS, WITH_NOISE, table
from tricknet import images, load, trick
from tricknet.arrays import Picture, rounded
from tricknet.attacks.paint import paint
from tricknet.attacks.result import Change, added
from tricknet.counting import Row
from tricknet.paths import DOCS
from tricknet.plots.sheet import lay

WAYS: dict[str, dict[str, Any]] = {  # what `paint` gets
    "neither": {"noise": 0, "copies": 1, "prior": False},
    "prior": {"noise": 0, "copies": 1},
    "noise": {"prior": False},
    "both": {},
}
TRICK = "trick"
NAMES = images.HELD_OUT
SHEETS = DOCS / "paint"
# A gallery, of what I tried first.
PAIRS = {"sorrel": "zebra", "bee": "hummingbird", "castle": "beacon", "convertible": "steam locomotive"}


# For `faint`: one for each of the first photographs. I chose them before painting any, to meet it halfway.
HALFWAY = """
vulture, orange, fly, common iguana, gorilla, monastery, sea anemone, bee, mosque, soup bowl, orangutan, anemone fish,
hamster, bee eater, Arctic fox, mouse, leaf beetle, washer, marmot, sea lion"""
FAINT = dict(zip(NAMES, HALFWAY.replace("\n", " ").strip().split(", "), strict=False))


def save_sheet(name: str, pictures: Sequence[Picture], captions: Sequence[str]) -> None:
    """Write pictures in rows of four, each below its caption, as docs/paint/NAME.webp."""
    lay(pictures, captions, columns=4)[0].save(SHEETS / f"{name}.webp", quality=75)


def paint_all() -> None:
    """Measure a row for each photograph and way, photograph by photograph."""
    model, strangers = load("GoogLeNet"), tuple(map(load, STRANGERS))
    cases = {case.name: case for case in draw_cases(model, NAMES)}

    def measure(picture: str, way: str) -> list[Row]:
        _, before, _, target = cases[picture]
        result = trick(model, before, target) if way == TRICK else paint(model, before, target, **WAYS[way])
        turned = added(before, result.perturbation[::-1])

        def ask(shown: Picture) -> list[int]:
            return [int(judge.predict(shown).best.index == target) for judge in (model, *strangers)]

        row: Row = {"target": model.labels[target], "length": round(result.length)}
        for what, after in {"": result.after, ", upside down": turned}.items():
            row |= {f"{judge.name}{what}": hit for judge, hit in zip((model, *strangers), ask(after), strict=True)}
        return [row | {"before": sum(ask(before))}]

    complete(table, "paint", combine(picture=NAMES, way=(*WAYS, TRICK)), measure)


def count_faint() -> None:
    """Measure three rows for each pair of FAINT: the photograph, and painted to 3,000 with noise and without.

    Fixed before I looked at a row: the 20 pairs, ten draws of noise of 60 for each (the same for its three pictures),
    and what counts as seen through noise, the target first in at least six.
    """
    model = load("GoogLeNet")

    def measure(picture: str) -> list[Row]:
        before, target = images.load(picture), model.labels.find(FAINT[picture])
        first, random = model.predict(before).best.index, np.random.default_rng([1, *picture.encode()])
        draws = random.normal(0, 60, (10, *before.shape))
        shown = {"photograph": before}
        for way, options in {"noise": {}, "no noise": WAYS["prior"]}.items():
            shown[way] = paint(model, before, target, length=3000, **options).after
        rows = []
        for way, after in shown.items():
            clear, through = model.predict(after).best, [model.predict(rounded(after + draw)) for draw in draws]
            seen, own = (sum(p.best.index == index for p in through) for index in (target, first))
            row = {"way": way, "target": FAINT[picture], "length": round(Change(before, after).length)}
            rows.append(row | {"clear": clear.name, "own": int(clear.index == first), "p": round(clear.probability, 3)})
            rows[-1] |= {"seen": seen, "own through noise": own}
        return rows

    complete(table, "faint", combine(picture=FAINT), measure)


def draw_quiz() -> None:
    """Paint the quiz: which of its photographs get the noise was drawn beforehand, and all have the prior."""
    model = load("GoogLeNet")
    ways = [WAYS["both" if number in WITH_NOISE else "prior"] for number in range(QUIZ)]
    cases = zip(draw_cases(model, NAMES[:QUIZ]), ways, strict=True)
    painted = [paint(model, case.picture, case.target, **way).after for case, way in tqdm(cases)]
    save_sheet("quiz", painted, [str(number + 1) for number in range(QUIZ)])


def draw_sheets() -> None:
    """Paint the gallery, and film the panda."""
    model = load("GoogLeNet")
    results = [paint(model, images.load(name), target) for name, target in PAIRS.items()]
    before, after = ([getattr(result, when) for result in results] for when in ("before", "after"))
    save_sheet("gallery", before + after, [*PAIRS, *PAIRS.values()])
    vulture = paint(model, images.load("panda"), "vulture")
    first, *rest = map(Image.fromarray, [*vulture.frames[::3], *[vulture.after] * 5])
    first.save(SHEETS / "film.webp", quality=75, save_all=True, append_images=rest, duration=200, loop=0)


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    rows = table("paint")
    ways = (*WAYS, TRICK)
    assert {(row["way"], row["picture"]) for row in rows} == set(product(ways, NAMES)) and len(rows) == 5 * len(NAMES)
    assert all(abs(row["length"] / 10_000 - 1) <= 0.08 for row in rows if row["way"] != TRICK)
    judges = ["GoogLeNet", *STRANGERS]
    cells = {judge: count(judge) for judge in judges}
    turned = {f"{judge}, upside down": count(f"{judge}, upside down") for judge in judges}
    pairs = [({"way": "both"}, {"way": way}) for way in ("noise", "prior", "neither", TRICK)]
    return [
        tabulate(rows, ["way"], {"length": mean("length", 0)} | cells),
        tabulate(rows, ["way"], turned),
        *(compare_counts(rows, [], pairs, counted=[judge]) for judge in judges[1:]),
    ]


if __name__ == "__main__":
    main(table, {"paint": paint_all, "faint": count_faint, "quiz": draw_quiz, "sheets": draw_sheets}, make_tables)
