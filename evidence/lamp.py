"""Evidence for The lamp."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from evidence.cases import SETS, main, measure_both_sets, pick
from evidence.report import compare_counts, compare_means, count, mean, tabulate
from lessons.lamp import saliency, table
from lessons.lamp.saliency import smooth_gradient
from tricknet import Classifier, Logit, images, load
from tricknet.arrays import Doubles, Numbers, Picture
from tricknet.counting import Row, holm, interval, mcnemar

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


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    falls = [row for row in table("maps") if row["measure"] == "fall"]
    named = [row for row in table("maps") if row["measure"] != "fall"]  # or kept
    pairs = {row["map"]: ({"map": row["map"]}, {"map": "middle"}) for row in falls if row["map"] != "middle"}
    five = [pair for kind, pair in pairs.items() if kind not in ("edges", "chance", BETTER)]
    better = [row for row in named if row["measure"] == "named" and row["map"] in ("middle", BETTER)]
    return [
        tabulate(named, ["map"], {"": count("value")}, across=["measure"]),
        tabulate(better, ["set", "map"], {"named": count("value")}),
        compare_counts(named, ["measure"], five, counted=["value"]),
        tabulate(falls, ["map"], {"fall": mean("value")}),
        compare_means(falls, [], list(pairs.values()), column="value"),
        tabulate(table("signs"), ["map"], {"": mean("value")}, across=["signs", "against"]),
    ]


if __name__ == "__main__":
    main(table, {"maps": partial(measure_both_sets, hide_squares), "signs": compare_maps}, make_tables)
