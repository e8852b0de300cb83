"""Evidence for lesson 13, Dreams."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from PIL import Image
from tqdm import tqdm, trange

from evidence.cases import combine, complete, main
from evidence.report import Pair, compare_counts, count, median, tabulate
from lessons.dreams import figures as dreams
from lessons.dreams import table
from lessons.dreams.pixels import Pixels
from tricknet import Classifier, Logit, Prediction, Strength, images, load, plots
from tricknet.arrays import Picture, rounded
from tricknet.attacks.dream import PLAIN, climbing, deepdream, dreaming, noise, resized
from tricknet.counting import Row
from tricknet.paths import DOCS, ROOT

SHEETS = DOCS / "dreams"
CLASSES = 24
LADDER = ("paper towel", "vulture", "castle")
LAST, PHOTOGRAPH, EQUAL, FINISHED = "natural colours", "photograph", "equal lead", "finished"

WAYS: dict[str, Callable[..., Iterator[Picture]]] = {  # each changes one thing
    "pixels": lambda *climb: dreaming(*climb, colours=PLAIN, basis=Pixels),
    "waves": lambda *climb: dreaming(*climb, colours=PLAIN),
    LAST: dreaming,
}


def dream_of(model: Classifier, label: int, way: str) -> Picture:
    """A dream of a class (uint8, 224 x 224 x 3), as the sheets show it."""
    # Not `dream`, which would take Ctrl-C for an answer and return a picture that is half done.
    *_, end = WAYS[way](model, Logit(label), noise())
    return dreams.coarse(end)


def choose(model: Classifier, names: Iterable[str]) -> dict[int, Picture]:
    """Classes that the network names as its first answers to photographs, each with its first photograph."""
    photographs = [images.load(name) for name in names]
    return {model.predict(each).best.index: each for each in reversed(photographs)}


def quiz(model: Classifier) -> dict[int, Picture]:
    """The classes of the gallery in its order: in alphabetical order it would be no quiz."""
    return dict(reversed(choose(model, np.random.default_rng(0).permutation(images.EVIDENCE[:CLASSES])).items()))


def draw_gallery() -> None:
    """Draw the sheet of 24 finished dreams."""
    model = load("GoogLeNet")
    pictures = [dream_of(model, label, LAST) for label in tqdm(quiz(model))]
    plots.show(pictures, [str(number + 1) for number in range(CLASSES)], columns=4).save(SHEETS / "gallery.png")


def dream_all() -> None:
    """Measure a row for each class of the gallery and each way: what GoogLeNet and SqueezeNet see in the picture."""
    model, other = load("GoogLeNet"), load("SqueezeNet")
    photographs, drawn = quiz(model), _finished(model)

    def measure(label: int, way: str) -> list[Row]:
        known = {PHOTOGRAPH: photographs[label], LAST: drawn[label]}
        picture = known[way] if way in known else dream_of(model, label, way)
        row: Row = {"name": model.labels[label]}
        for key, judge in (("googlenet", model), ("squeezenet", other)):
            answer = judge.predict(picture)
            row |= {f"{key}_rank": _rank(answer, label), f"{key}_p": round(answer[label], 6)}
        return [row]

    complete(table, "dreams", combine(label=photographs, way=(*WAYS, PHOTOGRAPH)), measure)


def _finished(model: Classifier) -> dict[int, Picture]:
    """The pictures of the gallery, by their classes."""
    drawn = plots.read_back(SHEETS / "gallery.png")
    return {label: picture for label, (picture, _) in zip(quiz(model), drawn, strict=True)}


def _rank(prediction: Prediction, label: int) -> int:
    return int((prediction.probabilities > prediction[label]).sum()) + 1


def cut_all() -> None:
    """Measure what each class's pictures are to GoogLeNet, whole and in pieces: does its answer survive?

    They are the photograph, the class's dream at the first frame that leads as far, and, for 24, the finished dream.
    """
    model = load("GoogLeNet")
    photographs, drawn = choose(model, images.EVIDENCE), _finished(model)

    def measure(label: int) -> list[Row]:
        pictures = {PHOTOGRAPH: photographs[label]} | ({FINISHED: drawn[label]} if label in drawn else {})
        lead = model.predict(photographs[label]).log_odds(label)
        frames = enumerate(dreaming(model, Logit(label), noise()))
        step, pictures[EQUAL] = next((at, x) for at, x in frames if model.predict(x).log_odds(label) >= lead)
        rows = []
        for way, picture in pictures.items():
            whole, cut = model.predict([picture, dreams.in_pieces(picture)])
            row: Row = {"name": model.labels[label], "way": way, "step": step if way == EQUAL else 0}
            row |= {"lead": round(whole.log_odds(label), 2), "lead_in_pieces": round(cut.log_odds(label), 2)}
            rows.append(row | {"first": int(_rank(whole, label) == 1), "first_in_pieces": int(_rank(cut, label) == 1)})
        return rows

    complete(table, "pieces", combine(label=photographs), measure)


def draw_ladder() -> None:
    """Draw the sheet: a row for each class, a column for each way."""
    model = load("GoogLeNet")
    pictures, captions = [], []
    for name in LADDER:
        for way in tqdm(WAYS, desc=name):
            pictures.append(dream_of(model, model.labels.find(name), way))
            captions.append(f"{way}\n{model.predict(pictures[-1])}")
    print(plots.show(pictures, captions, columns=3).save(SHEETS / "ladder.png"))


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
    """The tables of the page, in its order."""
    rows, cut = table("dreams"), table("pieces")
    cells = {"googlenet, first": count("googlenet_rank"), "squeezenet, first": count("squeezenet_rank")}
    pairs = [("pixels", "waves"), ("waves", LAST), (LAST, PHOTOGRAPH)]
    ways: list[Pair] = [({"way": one}, {"way": two}) for one, two in pairs]
    leads = {"whole": count("first"), "in pieces": count("first_in_pieces")}
    leads |= {"lead": median("lead", 1), "lead in pieces": median("lead_in_pieces", 1), "step": median("step")}
    both: list[Pair] = [({"way": one}, {"way": PHOTOGRAPH}) for one in (FINISHED, EQUAL)]
    few = [row for row in cut if row["label"] in {row["label"] for row in rows}]
    return [
        tabulate(rows, ["way"], cells | {"squeezenet, rank": median("squeezenet_rank")}),
        compare_counts(rows, [], ways, counted=["squeezenet_rank", 1], case="name"),
        tabulate(cut, ["way"], leads),
        compare_counts(few, [], both, counted=["first_in_pieces", 1], case="name"),
        compare_counts(cut, [], both[1:], counted=["first_in_pieces", 1], case="name"),
    ]


if __name__ == "__main__":
    makers = {"gallery": draw_gallery, "dreams": dream_all, "pieces": cut_all, "ladder": draw_ladder, "zoom": film_zoom}
    main(table, makers, make_tables)
