"""Evidence for lesson 13, Dreams."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import numpy as np
from PIL import Image
from tqdm import tqdm, trange

from evidence.cases import combine, complete, main, pick
from evidence.report import Pair, compare_counts, count, median, tabulate
from lessons.dreams import figures as dreams
from lessons.dreams import table
from tricknet import Classifier, Logit, Strength, images, load, plots
from tricknet.arrays import Picture, rounded
from tricknet.attacks.dream import NATURAL, PLAIN, STEPS, Waves, climbing, deepdream, dreaming, noise, resized
from tricknet.counting import Row
from tricknet.paths import DOCS, ROOT

SHEETS, SIZE = DOCS / "dreams", (224, 224)
SHUFFLED = list(np.random.default_rng(0).permutation(images.EVIDENCE[:24]))  # in alphabetical order it would be no quiz
LAST, PHOTOGRAPH, EQUAL = "natural colours", "photograph", "equal lead"

WAYS = {  # what to paint in, the colours, and the steps; each of the first three changes one thing
    "pixels": (dreams.Pixels, PLAIN, STEPS),
    "waves": (Waves, PLAIN, STEPS),
    LAST: (Waves, NATURAL, STEPS),
    "pixels, 20 steps": (dreams.Pixels, NATURAL, 20),
    "waves, 20 steps": (Waves, NATURAL, 20),
}
LADDER, QUIZ = list(WAYS)[:3], [way for way in WAYS if way != "waves"]


@cache  # two tables and two sheets show the same ones
def dream_of(model: Classifier, label: int | str, way: str) -> Picture:
    """A dream of a class (uint8, 224 x 224 x 3), as the sheets show it."""
    painting, colours, steps = WAYS[way]
    # Not `dream`, which would take Ctrl-C for an answer and return a picture that is half done.
    *_, end = dreaming(model, Logit(label), noise(), steps=steps, painting=painting(SIZE, colours))
    return dreams.coarse(end)


def choose(model: Classifier, names: Iterable[str]) -> dict[int, Picture]:
    """Photographs, each by the class that the network names."""
    return {model.predict(picture).best.index: picture for picture in map(images.load, names)}


def dream_all() -> None:
    """Measure what two networks see in pictures of the gallery's classes, and which of these they choose."""
    model, other = load("GoogLeNet"), load("SqueezeNet")
    photographs = choose(model, SHUFFLED)

    def measure(label: int, way: str) -> list[Row]:
        picture = photographs[label] if way == PHOTOGRAPH else dream_of(model, label, way)
        row: Row = {"name": model.labels[label]}
        for key, judge in (("googlenet", model), ("squeezenet", other)):
            p = judge.predict(picture).probabilities
            row |= {f"{key}_rank": int((p > p[label]).sum()) + 1, f"{key}_p": round(float(p[label]), 6)}
        return [row]

    def ask(way: str, label: int) -> list[Row]:
        picture = dream_of(model, label, way)
        first, second = (max(photographs, key=judge.predict(picture).__getitem__) for judge in (model, other))
        return [{"name": model.labels[label], "googlenet": int(first == label), "squeezenet": int(second == label)}]

    complete(table, "dreams", combine(label=photographs, way=(*LADDER, PHOTOGRAPH)), measure)
    complete(table, "quiz", combine(way=QUIZ, label=photographs), ask)


def cut_all() -> None:
    """Measure what the pictures of each class of 70 photographs are to GoogLeNet in pieces: does its answer survive?

    They are the photograph, and the class's dream at the first frame that leads as far, or else at its last.
    """
    model = load("GoogLeNet")
    photographs = choose(model, images.EVIDENCE + images.HELD_OUT)

    def measure(label: int) -> list[Row]:
        lead = model.predict(photographs[label]).log_odds(label)
        steps = 0
        for dream in dreaming(model, Logit(label), noise()):
            if model.predict(dream).log_odds(label) >= lead:
                break
            steps += 1
        return [
            {"name": model.labels[label], "way": way, "step": step}
            | {f"lead{words}": round(answer.log_odds(label), 2) for words, answer in answers.items()}
            | {f"first{words}": int(answer.best.index == label) for words, answer in answers.items()}
            for way, step, picture in ((PHOTOGRAPH, 0, photographs[label]), (EQUAL, steps, dream))
            for answers in [{"": model.predict(picture), "_in_pieces": model.predict(dreams.in_pieces(picture))}]
        ]

    complete(table, "pieces", combine(label=photographs), measure)


def draw_sheets() -> None:
    """Draw the gallery of 24 finished dreams, and the ladder: a row for each class, a column for each way."""
    model = load("GoogLeNet")
    gallery = [dream_of(model, label, LAST) for label in tqdm(choose(model, SHUFFLED))]
    plots.show(gallery, [str(at + 1) for at in range(len(gallery))], columns=4).save(SHEETS / "gallery.png")
    ladder = [dream_of(model, name, way) for name in ("paper towel", "vulture", "castle") for way in LADDER]
    captions = [f"{way}\n{answer}" for way, answer in zip(3 * LADDER, model.predict(ladder), strict=True)]
    plots.show(ladder, captions, columns=3).save(SHEETS / "ladder.png")


def film_zoom() -> None:
    """Film a zoom into the panda as a layer dreams it, 480 pixels wide."""
    model, layer = load("GoogLeNet"), Strength("inception_4c/output")
    frames = [deepdream(model, layer, images.load_whole(ROOT / "images" / "panda.jpg", 480))]
    height, width, _ = frames[0].shape
    for seed in trange(59, unit="frame"):  # each is the one before, enlarged a little, after dreaming on
        large = resized(frames[-1].astype(np.float32), (round(1.03 * height), round(1.03 * width)))
        top, left = (len(large) - height) // 2, (large.shape[1] - width) // 2
        start = rounded(large[top : top + height, left : left + width])
        *_, picture = climbing(model, layer, start, steps=2, step=5, shift=16, seed=seed)
        frames.append(picture)
    first, *rest = map(Image.fromarray, frames[::2])  # half of them, which a page fetches sooner
    first.save(SHEETS / "zoom.webp", save_all=True, append_images=rest, duration=160, loop=0, quality=35, method=6)


def make_tables() -> list[str]:
    rows, cut = table("dreams"), table("pieces")
    cells = {"googlenet, first": count("googlenet_rank"), "squeezenet, first": count("squeezenet_rank")}
    ways: list[Pair] = [({"way": one}, {"way": two}) for one, two in pairwise((*LADDER, PHOTOGRAPH))]
    led = [row for row in cut if row["name"] not in pick(cut, "name", first=0)]
    leads = {"whole": count("first"), "in pieces": count("first_in_pieces"), "lead": median("lead", 1)}
    return [
        tabulate(rows, ["way"], cells | {"squeezenet, rank": median("squeezenet_rank")}),
        compare_counts(rows, [], ways, counted=["squeezenet_rank", 1], case="name"),
        tabulate(table("quiz"), ["way"], {judge: count(judge) for judge in ("googlenet", "squeezenet")}),
        tabulate(cut, ["way"], leads | {"step": median("step")}),
        compare_counts(led, [], [({"way": EQUAL}, {"way": PHOTOGRAPH})], counted=["first_in_pieces", 1], case="name"),
    ]


if __name__ == "__main__":
    main(table, {"sheets": draw_sheets, "dreams": dream_all, "pieces": cut_all, "zoom": film_zoom}, make_tables)
