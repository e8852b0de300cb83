"""Evidence for The lamp."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from evidence.cases import SETS, main, measure_both_sets, pick
from evidence.report import Prose, compare_counts, compare_means, count, mean, tabulate
from lessons.lamp import saliency, table
from lessons.lamp.saliency import smooth_gradient
from tricknet import Classifier, Logit, images, load
from tricknet.arrays import Doubles, Numbers, Picture
from tricknet.counting import Row, holm, interval, mcnemar

ABOUT = """\
The lamp, a page beside lesson 11, asks whether you can trust a map of where a network looks. Five maps rank 7 x 7
squares. CAM and occlusion do so with their signs. The gradient, the gradient times the input, and SmoothGrad (eight
noisy copies) go by size alone. `python -m evidence.lamp` takes six minutes."""
ROWS = {
    "maps": """is a measure of one map of one of the 70 photographs of EVIDENCE and HELD_OUT; nothing was tuned on
either. The controls are four maps that no network made: edges, nearness to the middle (middle, the page's lamp),
chance, and edges near the middle. A map's ten highest squares cover a fifth of the picture. `named` says whether
GoogLeNet still names the class when they are hidden, and `fall` how far the class's logit then falls. `kept` says
whether it is named when only they are shown.""",
    "signs": """is Spearman's correlation between the squares of two maps of one photograph, with the signs or without.
The photographs are the first 20 of EVIDENCE. The second map is made under other noise: SmoothGrad gets a second seed,
and the others the photograph plus noise of the same strength. It is for the same class, for another one (500 further
down the list), or for the same class with all weights shuffled. Occlusion, with 50 passes a map, is left out.""",
}
PROSE = Prose(ABOUT, ROWS, sets=("EVIDENCE", "HELD_OUT"))

TWICE = 20  # photographs of EVIDENCE, whose maps are made twice
BETTER = "edges near the middle"  # what exercise 0.3 answers


def make_quick_maps(model: Classifier, picture: Numbers, label: int) -> dict[str, Numbers]:
    """Three maps with their signs: one of 7 x 7 squares, and two with a value for each of the picture's values."""
    gradient = model.gradient(picture, Logit(label))
    return {
        "CAM": saliency.class_activation(model, picture, label),
        "gradient": gradient,
        "gradient times input": gradient * (picture - model.mean),
    }


def make_controls(picture: Picture, seed: int) -> dict[str, Doubles]:
    """Maps that no network has made: edges (the Sobel filter), nearness to the middle, chance, and exercise 0.3's."""
    grey = picture.mean(axis=2)
    return {
        "edges": saliency.squares(np.hypot(sobel(grey, 0), sobel(grey, 1))),
        "middle": saliency.LAMP,
        "chance": np.random.default_rng(seed).random((7, 7)),
        BETTER: saliency.squares(np.hypot(*np.gradient(grey))) * saliency.LAMP,
    }


def hide_squares(model: Classifier, which: str) -> Iterator[Row]:
    """Is the class still named when the squares that a map ranks first are hidden, or when nothing else is shown?"""
    for i, name in enumerate(tqdm(SETS[which], desc=which)):
        picture = images.load(name)
        label, score = model.predict(picture).best.index, float(model.activations(picture, model.logits).max())
        mine = make_quick_maps(model, picture, label) | {"SmoothGrad": smooth_gradient(model, picture, label)}
        ranked = {kind: saliency.squares(values, signs=kind == "CAM") for kind, values in mine.items()}
        ranked["occlusion"] = saliency.occlusion(model, picture, label)
        for kind, values in (ranked | make_controls(picture, seed=i)).items():
            mask = saliency.strongest(values)
            covered = np.stack([saliency.hidden(model, picture, hide) for hide in (mask, ~mask)])
            scores = model.activations(covered, model.logits)
            measured = score - scores[0, label], *(scores.argmax(axis=1) == label)
            for what, value in zip(("fall", "named", "kept"), measured, strict=True):
                yield {"set": which, "picture": name, "map": kind, "measure": what, "value": float(f"{value:.4g}")}


def compare_maps() -> Iterator[Row]:
    """How alike are two maps, the second under other noise, of the same class, of another, or of shuffled weights?"""
    model = load("GoogLeNet")
    stranger = saliency.with_shuffled_weights(model)
    for i, name in enumerate(tqdm(images.EVIDENCE[:TWICE], desc="twice")):
        picture = images.load(name)
        label = model.predict(picture).best.index
        noisy = picture + np.random.default_rng(i).normal(0, saliency.NOISE, picture.shape).astype(np.float32)
        first = make_quick_maps(model, picture, label) | {"SmoothGrad": smooth_gradient(model, picture, label)}
        classes = {"the same class": label, "another class": (label + 500) % 1000, "weights shuffled": label}
        for against, c in classes.items():
            asked = stranger if against == "weights shuffled" else model
            second = make_quick_maps(asked, noisy, c) | {"SmoothGrad": smooth_gradient(asked, picture, c, seed=1)}
            for kind, signed in ((kind, signed) for kind in first for signed in (True, False)):
                pair = (saliency.squares(values, signs=signed).ravel() for values in (first[kind], second[kind]))
                value = round(float(spearmanr(*pair).statistic), 3)
                fields = {"picture": name, "map": kind, "signs": "with" if signed else "without"}
                yield {**fields, "against": against, "value": value}


def assert_claims() -> None:
    """Of the five maps, SmoothGrad alone beats the lamp, and its signs come back for the same class alone."""
    signs, five = table("signs"), ("SmoothGrad", "CAM", "occlusion", "gradient", "gradient times input")
    same, another = ("the same class", "another class")
    alike = partial(pick, signs, "value", map="SmoothGrad")
    assert interval(alike(signs="with", against=same))[0] > 0.5
    assert interval(alike(signs="with", against=another))[1] < 0.3
    assert min(np.mean(alike(signs="without", against=against)) for against in (same, another)) > 0.7
    assert np.mean(pick(signs, "value", map="gradient", signs="with", against=same)) < 0.3

    def named(kind: str, what: str) -> list[bool]:
        return [value == 1 for value in pick(table("maps"), "value", map=kind, measure=what)]

    assert all(len(named(kind, "named")) == 70 for kind in five)
    ps = [mcnemar(named(kind, what), named("middle", what)) for what in ("named", "kept") for kind in five]
    assert [p < 0.05 for p in holm(ps)] == [True] + [False] * 9


def describe() -> dict[str, list[str]]:
    assert_claims()
    falls = [row for row in table("maps") if row["measure"] == "fall"]
    named = [row for row in table("maps") if row["measure"] != "fall"]  # or kept
    pairs = {row["map"]: ({"map": row["map"]}, {"map": "middle"}) for row in falls if row["map"] != "middle"}
    five = [pair for kind, pair in pairs.items() if kind not in ("edges", "chance", BETTER)]
    better = [row for row in named if row["measure"] == "named" and row["map"] in ("middle", BETTER)]
    return {
        "maps": [
            "The table counts the photographs that are named, and those that are kept. A good map has few of the first "
            "and many of the second.",
            tabulate(named, ["map"], {"": count("value")}, across=["measure"]),
            "For exercise 0.3, the next table counts the photographs that are named, set by set.",
            tabulate(better, ["set", "map"], {"named": count("value")}),
            "The next table compares each of the five maps with the middle.",
            compare_counts(named, ["measure"], five, counted=["value"]),
            "The next table shows the mean fall of the logit.",
            tabulate(falls, ["map"], {"fall": mean("value")}),
            "The last one shows how much further it falls than with the middle.",
            compare_means(falls, [], list(pairs.values()), column="value"),
        ],
        "signs": [
            "The table shows the mean correlations, with signs and without, for each kind of second map.",
            tabulate(table("signs"), ["map"], {"": mean("value")}, across=["signs", "against"]),
        ],
    }


if __name__ == "__main__":
    main(PROSE, table, {"maps": partial(measure_both_sets, hide_squares), "signs": compare_maps}, describe)
