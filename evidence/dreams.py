"""Evidence for lesson 13, Dreams."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image
from scipy.special import expit, logit
from tqdm import tqdm, trange

from evidence.cases import combine, complete, main, rows_so_far
from evidence.report import compare_counts, count, median, tabulate
from lessons.dreams import figures as dreams
from lessons.dreams import table
from tricknet import Classifier, Logit, Strength, images, load, plots
from tricknet.arrays import Floats, Numbers, Picture, rounded
from tricknet.attacks.dream import PLAIN, Spectrum, Waves, climbing, deepdream, dreaming, noise, resized
from tricknet.counting import Row
from tricknet.paths import DOCS, ROOT

SHEETS = DOCS / "dreams"
CLASSES, STEPS = 24, 60
LADDER = ("paper towel", "vulture", "castle")
CONTROL, LAST, PHOTOGRAPH, CUT = "pixels by Adam", "natural colours", "photograph", ", in pieces"


class Pixels(Waves):
    """The same as Waves, but each number moves one pixel."""

    def picture(self, spectrum: Spectrum) -> Floats:
        return (255 * expit(spectrum @ self.colours.T)).astype(np.float32)

    def spectrum(self, picture: Numbers) -> Spectrum:
        result: Spectrum = logit(np.clip(picture, 1, 254) / 255) @ np.linalg.inv(self.colours).T
        return result.astype(np.float32)

    def back(self, gradient: Floats, picture: Floats) -> Spectrum:
        return (gradient * picture * (1 - picture / 255)) @ self.colours  # type: ignore[return-value]  # real


WAYS: dict[str, Callable[..., Iterator[Picture]]] = {  # one more idea in each, but for the last, the control
    "pixels": lambda *climb: climbing(*climb, steps=STEPS),
    "moved": lambda *climb: climbing(*climb, steps=STEPS, shift=16),
    "waves": lambda *climb: dreaming(*climb, colours=PLAIN),
    LAST: dreaming,
    CONTROL: lambda *climb: dreaming(*climb, colours=PLAIN, basis=Pixels),
}


def dream_of(model: Classifier, label: int, way: str) -> Picture:
    """A dream of a class (uint8, 224 x 224 x 3) whose values are multiples of 8: half the bytes in a PNG."""
    # Not `dream`, which would take Ctrl-C for an answer and return a picture that is half done.
    *_, end = WAYS[way](model, Logit(label), noise())
    return rounded(np.rint(end / 8) * 8)


def dream_all() -> None:
    """Measure a row for each class and way, and draw the gallery."""
    model, other, gallery = load("GoogLeNet"), load("SqueezeNet"), SHEETS / "gallery.png"
    SHEETS.mkdir(exist_ok=True)
    drawn = plots.read_back(gallery) if rows_so_far(table, "dreams") and gallery.exists() else []
    pictures = [picture for picture, _ in drawn]
    # GoogLeNet names every one of these photographs correctly. In alphabetical order the gallery would be no quiz.
    photographs = [images.load(name) for name in np.random.default_rng(0).permutation(images.EVIDENCE[:CLASSES])]
    labels = {answer.name: answer.index for answer in (model.predict(each).best for each in photographs)}

    def measure(name: str, way: str) -> list[Row]:
        at = list(labels).index(name)
        if way.startswith(PHOTOGRAPH):
            picture = photographs[at]
        else:
            picture = pictures[at] if way == LAST + CUT else dream_of(model, labels[name], way)
        if way == LAST:
            pictures.append(picture)
            numbers = [str(number) for number in range(1, len(pictures) + 1)]
            plots.show(pictures, numbers, columns=4).save(gallery)
        return [rank(model, other, labels[name], dreams.in_pieces(picture) if way.endswith(CUT) else picture)]

    for ways in (WAYS, (PHOTOGRAPH, LAST + CUT, PHOTOGRAPH + CUT)):
        complete(table, "dreams", combine(name=labels, way=ways), measure)


def rank(model: Classifier, other: Classifier, label: int, picture: Picture) -> Row:
    """What GoogLeNet and SqueezeNet see in a picture that was dreamt for a class: its rank (1 is the first), and p."""
    row: Row = {"class": label}
    for key, judge in (("googlenet", model), ("squeezenet", other)):
        p = judge.predict(picture).probabilities
        row |= {f"{key}_rank": int((p > p[label]).sum()) + 1, f"{key}_p": round(float(p[label]), 6)}
    return row


def draw_ladder() -> None:
    """Draw the sheet: a row for each class, a column for each way."""
    model = load("GoogLeNet")
    pictures, captions = [], []
    for name in LADDER:
        for way in tqdm(list(WAYS)[:4], desc=name):
            pictures.append(dream_of(model, model.labels.find(name), way))
            captions.append(f"{way}\n{model.predict(pictures[-1])}")
    print(plots.show(pictures, captions, columns=4).save(SHEETS / "ladder.png"))


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
    rows = [row | {"five": int(row["squeezenet_rank"] <= 5)} for row in table("dreams")]
    cells = {f"{network}, first": count(f"{network}_rank") for network in ("googlenet", "squeezenet")}
    cells |= {"squeezenet, first five": count("five"), "squeezenet, rank": median("squeezenet_rank")}
    pairs = [("pixels", "moved"), ("moved", "waves"), (CONTROL, "waves"), ("waves", LAST), (LAST, PHOTOGRAPH)]
    ways = [({"way": one}, {"way": other}) for one, other in pairs]
    pieces = [({"way": LAST + CUT}, {"way": PHOTOGRAPH + CUT})]
    return [
        tabulate(rows, ["way"], cells),
        compare_counts(rows, [], ways, counted=["squeezenet_rank", 1], case="name"),
        compare_counts(rows, [], ways, counted=["five"], case="name"),
        compare_counts(rows, [], pieces, counted=["googlenet_rank", 1], case="name"),
        compare_counts(rows, [], pieces, counted=["squeezenet_rank", 1], case="name"),
    ]


if __name__ == "__main__":
    main(table, {"dreams": dream_all, "ladder": draw_ladder, "zoom": film_zoom}, make_tables)
