"""Evidence for The lamp."""

from collections.abc import Iterator

import numpy as np
from PIL import Image
from scipy.stats import spearmanr
from tqdm import tqdm

from evidence.cases import SETS, draw_cases, main, measure_both_sets
from evidence.report import Pair, compare_means, count, mean, tabulate
from lessons.lamp import saliency, table
from lessons.lamp.saliency import LAYER, smooth_gradient
from tricknet import Classifier, Logit, images, load, trick
from tricknet.arrays import Doubles, Picture
from tricknet.counting import Row

BETTER = "edges near the middle"  # what exercise 0.3 answers
TWICE = 20  # photographs of EVIDENCE, whose maps are made twice
OFF = 1.4  # squares by which a corner's cut is off the photograph's middle, down or up and to a side


def cut(name: str, place: tuple[int, int]) -> Picture:
    """Five sevenths of a photograph, each way, at full size: from its centre (0, 0) or a corner, as (1, -1)."""
    left, top = (64 + 64 * side for side in place)
    whole = Image.fromarray(images.load_whole(name, 448))
    return np.array(whole.resize((224, 224), Image.Resampling.BICUBIC, (left, top, left + 320, top + 320)))


def make_maps(model: Classifier, picture: Picture, label: int) -> dict[str, Doubles]:
    """Maps of a whole photograph, two of them for another class, and one that no network has made: exercise 0.3's."""
    gradient, other = model.gradient(picture, Logit(label)), (label + 500) % 1000
    return {
        "CAM, another class": saliency.class_activation(model, picture, other),
        "gradient, another class": saliency.squares(model.gradient(picture, Logit(other))),
        "gradient": saliency.squares(gradient),
        "gradient times input": saliency.squares(gradient * (picture - model.mean)),
        "SmoothGrad": saliency.squares(smooth_gradient(model, picture, label)),
        "occlusion": saliency.occlusion(model, picture, label),
        BETTER: saliency.squares(np.hypot(*np.gradient(picture.mean(axis=2)))) * saliency.LAMP,
    }


def hide_squares(model: Classifier, which: str) -> Iterator[Row]:
    """How far does the class's score fall when a map's ten squares are hidden, and what is left when only they stay?"""
    for i, name in enumerate(tqdm(SETS[which], desc=which)):
        corner, picture = (-1 + 2 * (i % 2), -1 + 2 * (i // 2 % 2)), images.load(name)
        label = model.predict(picture).best.index
        off = saliency.lamp(3 - OFF * corner[1], 3 - OFF * corner[0])  # where a corner's cut has the old middle
        for place, shown in {"whole": picture, "centre": cut(name, (0, 0)), "corner": cut(name, corner)}.items():
            maps = {"middle": saliency.LAMP, "off": off, "CAM": saliency.class_activation(model, shown, label)}
            maps |= make_maps(model, picture, label) if place == "whole" else {}
            ten = [saliency.strongest(values) for values in maps.values()]
            shows = [shown, *(saliency.hidden(model, shown, mask) for mask in [*ten, *(~mask for mask in ten)])]
            before, *scores = (float(each[label]) for each in model.activations(np.stack(shows), model.logits))
            for kind, without, alone in zip(maps, scores, scores[len(ten) :], strict=False):
                fields = {"set": which, "picture": name, "cut": place, "map": kind}
                yield fields | {"fall": float(f"{before - without:.4g}"), "alone": float(f"{alone:.4g}")}


def compare_maps() -> Iterator[Row]:
    """How alike are two maps, the second under other noise, of the same class or of another?"""
    model = load("GoogLeNet")
    for i, name in enumerate(tqdm(images.EVIDENCE[:TWICE], desc="twice")):
        label = model.predict(picture := images.load(name)).best.index
        noisy = picture + np.random.default_rng(i).normal(0, saliency.NOISE, picture.shape).astype(np.float32)
        cam, smooth = saliency.class_activation(model, picture, label), smooth_gradient(model, picture, label)
        for against, c in {"the same class": label, "another class": (label + 500) % 1000}.items():
            again = smooth_gradient(model, picture, c, seed=1)
            pairs = {
                "CAM": (cam, saliency.class_activation(model, noisy, c)),
                "SmoothGrad with signs": [saliency.squares(each, signs=True) for each in (smooth, again)],
                "SmoothGrad without signs": [saliency.squares(each) for each in (smooth, again)],
            }
            for kind, (first, second) in pairs.items():
                value = round(float(spearmanr(first.ravel(), second.ravel()).statistic), 3)
                yield {"picture": name, "map": kind, "against": against, "value": value}


def put_squares_back() -> Iterator[Row]:
    """What is left of a trick's lead once ten squares of 4d are as they were: CAM's, the lamp's, or their rivals?"""
    model = load("GoogLeNet")
    for case in tqdm(draw_cases(model, images.EVIDENCE), desc="tricks"):
        result = trick(model, case.picture, case.target)
        before, after = (model.activations(each, LAYER) for each in (case.picture, result.after))
        change, random = saliency.changed(before, after), np.random.default_rng([0, *case.name.encode()])
        cam = saliency.strongest(saliency.class_activation(model, result.after, case.target))
        ten = {"nothing": [cam & False], "CAM": [cam], "the lamp": [saliency.strongest(saliency.LAMP)]}
        ten |= {"most changed": [saliency.strongest(change)], "as much change": saliency.as_much(change, cam, random)}
        ten |= {"alike": saliency.as_much(change, cam, random.spawn(1)[0], alike=True)}
        ten |= {"most active": [saliency.strongest(saliency.changed(after * 0, after))]}
        for kind, masks in ten.items():
            patched = [saliency.put_squares_back(before, after, mask) for mask in masks]
            for prediction in model.predict_from(LAYER, patched):
                left = round(float(np.log(prediction[case.target] / prediction[case.first])), 2)
                yield {"picture": case.name, "squares": kind, "lead": left}


def make_tables() -> list[str]:
    whole = [row for row in table("maps") if row["cut"] == "whole"]
    signs = [row | {"near": int(row["value"] > 0.5)} for row in table("signs")]
    five = ("CAM", "gradient", "gradient times input", "SmoothGrad", "occlusion")
    pairs: list[Pair] = [({"map": kind}, {"map": rival}) for rival in ("middle", BETTER) for kind in five]
    pairs += [({"map": kind}, {"map": "middle"}) for kind in (BETTER, "CAM, another class", "gradient, another class")]
    rivals = ("nothing", "the lamp", "most changed", "as much change", "alike", "most active")
    return [
        tabulate(whole, ["map"], {"fall": mean("fall"), "alone": mean("alone")}),
        compare_means(whole, [], pairs, column="fall"),
        compare_means(whole, ["set"], pairs[5:10], column="fall"),
        compare_means(whole, [], pairs, column="alone"),
        compare_means(table("maps"), ["cut"], [({"map": "middle"}, {"map": "off"})], column="fall"),
        tabulate(signs, ["map"], {"mean": mean("value"), "above 0.5": count("near")}, across=["against"]),
        compare_means(table("tricks"), [], [({"squares": r}, {"squares": "CAM"}) for r in rivals], column="lead"),
    ]


if __name__ == "__main__":
    makers = {"maps": lambda: measure_both_sets(hide_squares), "signs": compare_maps, "tricks": put_squares_back}
    main(table, makers, make_tables)
