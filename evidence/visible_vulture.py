"""Evidence for lesson 17, A vulture you can see."""

from typing import Any

import numpy as np
from PIL import Image

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import compare_counts, count, mean, tabulate
from lessons.visible_vulture import STRANGERS, WITH_NOISE, table
from tricknet import images, load, trick
from tricknet.arrays import rounded
from tricknet.attacks.paint import paint
from tricknet.counting import Row
from tricknet.paths import DOCS
from tricknet.plots.sheet import lay

OFF: dict[str, Any] = {"noise": 0, "copies": 1}
WAYS = {"neither": OFF | {"prior": False}, "prior": OFF, "noise": {"prior": False}, "both": {}}  # what `paint` gets
# What I tried first; and classes chosen before painting any, each to meet its photograph halfway.
PAIRS = {"sorrel": "zebra", "bee": "hummingbird", "castle": "beacon", "convertible": "steam locomotive"}
HALFWAY = """vulture, orange, fly, common iguana, gorilla, monastery, sea anemone, bee, mosque, soup bowl, orangutan,
anemone fish, hamster, bee eater, Arctic fox, mouse, leaf beetle, washer, marmot, sea lion""".replace("\n", " ")
FAINT = dict(zip(images.HELD_OUT, HALFWAY.split(", "), strict=False))


def paint_all() -> None:
    """Measure a row for each photograph and way, photograph by photograph."""
    judges = model, *_ = [load(name) for name in ("GoogLeNet", *STRANGERS)]
    cases = {case.name: case for case in draw_cases(model, images.HELD_OUT)}

    def measure(picture: str, way: str) -> list[Row]:
        _, before, _, target = cases[picture]
        result = trick(model, before, target) if way == "trick" else paint(model, before, target, **WAYS[way])
        hits = {judge.name: int(judge.predict(result.after).best.index == target) for judge in judges}
        return [{"target": model.labels[target], "length": round(result.length)} | hits]

    complete(table, "paint", combine(picture=images.HELD_OUT, way=(*WAYS, "trick")), measure)


def count_faint() -> None:
    """Measure a row for each of FAINT and way. Its 20 pairs, and what counts, were fixed before I looked at a row."""
    model = load("GoogLeNet")

    def measure(picture: str, way: str) -> list[Row]:
        before, target = images.load(picture), FAINT[picture]
        after = before if way == "photograph" else paint(model, before, target, length=3000, **WAYS[way]).after
        random = np.random.default_rng([1, *picture.encode()])  # the same draws for each way
        noisy = [rounded(after + random.normal(0, 60, before.shape)) for _ in range(10)]
        first, clear, *through = (answer.best.name for answer in model.predict([before, after, *noisy]))
        seen = {"seen": through.count(target), "own through noise": through.count(first)}
        return [{"target": target, "clear": clear, "own": int(clear == first)} | seen]

    complete(table, "faint", combine(picture=FAINT, way=("photograph", "both", "prior")), measure)


def draw_sheets() -> None:
    """Paint the gallery and the quiz once more, and film the panda."""
    model = load("GoogLeNet")
    results = [paint(model, images.load(name), target) for name, target in PAIRS.items()]
    pictures = {"gallery": [result.before for result in results] + [result.after for result in results], "quiz": []}
    for number, case in enumerate(draw_cases(model, images.HELD_OUT[:16])):
        way = WAYS["both" if number in WITH_NOISE else "prior"]
        pictures["quiz"].append(paint(model, case.picture, case.target, **way).after)
    captions = {"gallery": [*PAIRS, *PAIRS.values()], "quiz": [str(number + 1) for number in range(16)]}
    for name, shown in pictures.items():
        lay(shown, captions[name], columns=4)[0].save(DOCS / f"paint/{name}.webp", quality=75)
    vulture = paint(model, images.load("panda"), "vulture")
    first, *rest = map(Image.fromarray, [*vulture.frames[::3], *[vulture.after] * 5])
    first.save(DOCS / "paint/film.webp", quality=75, save_all=True, append_images=rest, duration=200, loop=0)


def make_tables() -> list[str]:
    rows, judges = table("paint"), ["GoogLeNet", *STRANGERS]
    faint, often = [row | {"two": row["own"] * (row["seen"] >= 6)} for row in table("faint")], range(6, 11)
    pairs = [({"way": a}, {"way": b}) for a, b in (("both", "prior"), ("both", "noise"), ("neither", "trick"))]
    against = [({"way": "both"}, {"way": way}) for way in ("prior", "photograph")]
    return [
        tabulate(rows, ["way"], {"length": mean("length", 0)} | {judge: count(judge) for judge in judges}),
        *(compare_counts(rows, [], pairs, counted=[judge]) for judge in STRANGERS),
        tabulate(faint, ["way"], {"own": count("own"), "own through noise": count("own through noise", *often)}),
        tabulate(faint, ["way"], {"seen at least six times": count("seen", *often), "two answers": count("two")}),
        *(compare_counts(faint, [], against, counted=counted) for counted in (["seen", *often], ["two"])),
    ]


if __name__ == "__main__":
    main(table, {"paint": paint_all, "faint": count_faint, "sheets": draw_sheets}, make_tables)
