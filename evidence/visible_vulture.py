"""Evidence for lesson 16, A vulture you can see."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from PIL import Image

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import Prose, compare_counts, count, mean, tabulate
from lessons.visible_vulture import table
from tricknet import images, load, trick
from tricknet.arrays import Picture
from tricknet.attacks.paint import paint
from tricknet.attacks.result import added
from tricknet.counting import Row
from tricknet.paths import DOCS
from tricknet.plots.sheet import lay

ABOUT = """Lesson 16 asks what makes a trick visible, and whether other networks see it, too. `python -m
evidence.visible_vulture` takes up to half a minute for each row. With `sheets` it paints the pictures of
docs/paint."""
ROWS = {
    "paint": """is one of the 30 photographs of HELD_OUT, and one of five ways to make GoogLeNet see a random class in
it, the target. Four ways climb the target's logit in 60 steps, with `noise`, with the `prior`, with both or with
neither. With noise (a standard deviation of 60), a step follows the mean of four gradients. With the prior, the
gradient is blurred by 1.2 pixels and its colours are mixed. The change is limited to an L2 norm of 10,000 before it is
rounded; `length` is its norm. The fifth way is lesson 3's trick, with an epsilon of 2. A network's column says whether
it names the target. SqueezeNet and EfficientNet-Lite0 never gave a gradient. The control has the same change upside
down. `before` counts the networks that name the target in the photograph itself. I chose the recipe on the panda, and
the length on two photographs of EVIDENCE.""",
}
PROSE = Prose(ABOUT, ROWS, sets=("EVIDENCE", "HELD_OUT"))

WAYS: dict[str, dict[str, Any]] = {  # what `paint` gets
    "neither": {"noise": 0, "copies": 1, "prior": False},
    "prior": {"noise": 0, "copies": 1},
    "noise": {"prior": False},
    "both": {},
}
TRICK = "trick"
NAMES = images.HELD_OUT
SHEETS, QUIZ, DRAWN = DOCS / "paint", 8, 20  # of the photographs, in their order
# A gallery, of what I tried first.
PAIRS = {"sorrel": "zebra", "bee": "hummingbird", "castle": "beacon", "convertible": "steam locomotive"}


def save_sheet(name: str, pictures: Sequence[Picture], captions: Sequence[str]) -> None:
    """Write pictures in rows of four, each below its caption, as docs/paint/NAME.webp."""
    lay(pictures, captions, columns=4)[0].save(SHEETS / f"{name}.webp", quality=75)


def paint_all() -> None:
    """Measure a row for each photograph and way, photograph by photograph."""
    model, strangers = load("GoogLeNet"), (load("SqueezeNet"), load("EfficientNet-Lite0"))
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


def draw_sheets() -> None:
    """Paint the first photographs once more (the quiz, the rest) and the gallery, and film the panda."""
    model = load("GoogLeNet")
    cases = draw_cases(model, NAMES[:DRAWN])
    painted = [paint(model, case.picture, case.target).after for case in cases]
    save_sheet("quiz", painted[:QUIZ], [str(number + 1) for number in range(QUIZ)])
    save_sheet("rest", painted[QUIZ:], [model.labels[case.target] for case in cases[QUIZ:]])
    results = [paint(model, images.load(name), target) for name, target in PAIRS.items()]
    before, after = ([getattr(result, when) for result in results] for when in ("before", "after"))
    save_sheet("gallery", before + after, [*PAIRS, *PAIRS.values()])
    vulture = paint(model, images.load("panda"), "vulture")
    first, *rest = map(Image.fromarray, [*vulture.frames[::3], *[vulture.after] * 5])
    first.save(SHEETS / "film.webp", quality=75, save_all=True, append_images=rest, duration=200, loop=0)


def describe() -> dict[str, list[str]]:
    rows = table("paint")
    ways = (*WAYS, TRICK)
    assert {(row["way"], row["picture"]) for row in rows} == set(product(ways, NAMES)) and len(rows) == 5 * len(NAMES)
    assert all(abs(row["length"] / 10_000 - 1) <= 0.08 for row in rows if row["way"] != TRICK)
    judges = ["GoogLeNet", "SqueezeNet", "EfficientNet-Lite0"]
    cells = {judge: count(judge) for judge in judges}
    turned = {f"{judge}, upside down": count(f"{judge}, upside down") for judge in judges}
    pairs = [({"way": "both"}, {"way": way}) for way in ("noise", "prior", "neither", TRICK)]
    return {
        "paint": [
            "The table shows the mean length, and counts the pictures in which a network names the target.",
            tabulate(rows, ["way"], {"length": mean("length", 0)} | cells),
            "The next table counts the same for the controls.",
            tabulate(rows, ["way"], turned),
            "The last two tables compare ways, first by SqueezeNet's answers and then by EfficientNet-Lite0's.",
            *(compare_counts(rows, [], pairs, counted=[judge]) for judge in judges[1:]),
        ]
    }


if __name__ == "__main__":
    main(PROSE, table, {"paint": paint_all, "sheets": draw_sheets}, describe)
