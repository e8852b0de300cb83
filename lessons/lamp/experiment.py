"""What are maps of "where the network looks" worth? Five maps and their controls, hidden squares, other weights.

    python -m lessons.lamp.experiment

maps: on the 40 photographs of EVIDENCE and the 30 of HELD_OUT, maps of 7 x 7 squares: the gradient, the gradient times
the input, SmoothGrad, CAM and occlusion, and as controls edges, the distance from the middle, and chance. "named":
without the ten squares (a fifth of the picture) that a map ranks first, is the class still named? "fall": how far did
its logit fall? "kept": is it named when only these squares are shown? "ranks": Spearman's correlation of a map's
squares with the edges, with the middle, with the same map for another class, or with that of a network with shuffled
weights (the last layer's, "scores", or "all"), on the first 30 of EVIDENCE. These alone are measured for three more
maps, which differ from the others only by their signs.

Takes five minutes.
"""

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from lessons.lamp import lamp, table
from tricknet import images
from tricknet.arrays import Doubles, Picture
from tricknet.cases import SETS, main, of_both_sets
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Logit
from tricknet.report import count, grouped, mean, paired

HIDDEN = 10  # squares of 49, which is a fifth of the picture
STAGES = {"scores": "loss3", "all": ""}  # whose weights go
SHUFFLED = 30  # pictures of the evidence set that are shown to networks with shuffled weights


def maps_of(model: Classifier, picture: Picture, label: int) -> tuple[dict[str, Doubles], dict[str, Doubles]]:
    """Four maps that need a gradient or the last layer, each as 7 x 7 squares of 32 pixels, and three of them again.

    Is it the signs? CAM comes again without those it has, and the two plainer maps with those that they have not.
    """
    gradient, activation = model.gradient(picture, Logit(label)), lamp.class_activation(model, picture, label)
    weighted = gradient * (picture - model.mean)
    maps = {
        "gradient": lamp.squares(gradient),
        "gradient times input": lamp.squares(weighted),
        "SmoothGrad": lamp.squares(lamp.smooth_gradient(model, picture, label, copies=8)),
        "CAM": activation,
    }
    again = {
        "CAM, without signs": np.abs(activation),
        "gradient, with signs": sums(gradient.astype(float)),
        "gradient times input, with signs": sums(weighted.astype(float)),
    }
    return maps, again


def sums(array: npt.NDArray[Any], side: int = 32) -> Doubles:
    """The sum of all values in each square, where `lamp.squares` has the mean size."""
    rows, columns, _ = array.shape
    totals: Doubles = array.reshape(rows // side, side, columns // side, side, -1).sum(axis=(1, 3, 4))
    return totals


def controls_of(picture: Picture, seed: int) -> dict[str, Doubles]:
    """Three maps that no network has made: edges (the Sobel filter), the distance to the edge, and chance."""
    grey = picture.mean(axis=2)
    along = np.arange(7) - 3.0
    return {
        "edges": lamp.squares(np.hypot(sobel(grey, 0), sobel(grey, 1))),
        "middle": -np.hypot(*np.meshgrid(along, along)),
        "chance": np.random.default_rng(seed).random((7, 7)),
    }


def maps(model: Classifier, which: str) -> list[Row]:
    """Is the class still named when the squares that a map marks are hidden? Do its ranks outlive the weights?"""
    rows: list[Row] = []
    strangers = {stage: lamp.with_shuffled_weights(model, first) for stage, first in STAGES.items()}
    names = SETS[which]
    for i, name in enumerate(tqdm(names, desc=which)):
        picture = images.load(name)
        label, score = model.predict(picture).best.index, float(model.activations(picture, model.logits).max())
        (mine, again), controls = maps_of(model, picture, label), controls_of(picture, seed=i)
        covered = {"occlusion": lamp.occlusion(model, picture, label)}
        measured: list[tuple[str, str, str, float]] = []  # map, measure, against, value
        for kind, values in (mine | covered | controls).items():
            without, only = hidden_by(model, picture, values)
            scores = model.activations(np.stack([without, only]), model.logits)
            measured.append((kind, "fall", "", score - float(scores[0, label])))
            measured.append((kind, "named", "", float(scores[0].argmax() == label)))
            measured.append((kind, "kept", "", float(scores[1].argmax() == label)))
        if which == "evidence" and i < SHUFFLED:
            asked = {stage: (stranger, label) for stage, stranger in strangers.items()}
            asked["another class"] = model, (label + 500) % 1000
            pairs = {against: maps_of(network, picture, c) for against, (network, c) in asked.items()}
            others = {against: theirs | swapped for against, (theirs, swapped) in pairs.items()}
            for kind, values in (mine | again).items():
                measured += [(kind, "ranks", against, ranks(values, of[kind])) for against, of in others.items()]
                measured += [(kind, "ranks", against, ranks(values, of)) for against, of in controls.items()]
        fields = {"set": which, "picture": name}
        rows += [
            {**fields, "map": kind, "measure": measure, "against": against, "value": float(f"{value:.4g}")}
            for kind, measure, against, value in measured
        ]
    return rows


def hidden_by(model: Classifier, picture: Picture, values: Doubles) -> tuple[Picture, Picture]:
    """The picture without the first squares of a map, and with nothing but those."""
    first = np.argsort(-values, axis=None, kind="stable")[:HIDDEN]
    mask = np.isin(np.arange(values.size), first).reshape(values.shape)
    return lamp.hidden(model, picture, mask), lamp.hidden(model, picture, ~mask)


def ranks(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """Spearman's rank correlation; 0 where one of them is constant."""
    return float(np.nan_to_num(spearmanr(a.ravel(), b.ravel()).statistic)) if np.ptp(a) and np.ptp(b) else 0.0


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    of = {m: [row for row in table("maps") if row["measure"] == m] for m in ("named", "kept", "fall", "ranks")}
    pairs = [({"map": one}, {"map": "middle"}) for one in dict.fromkeys(row["map"] for row in of["named"])]
    return {
        "maps": [
            "Photographs that are named without the ten squares (named), and with nothing else (kept):",
            grouped(of["named"] + of["kept"], ["map"], {"": count("value")}, ["measure", "set"]),
            "How far the logit falls without them:",
            grouped(of["fall"], ["map"], {"": mean("value")}, ["set"]),
            "Named without the squares of a map, against those in the middle:",
            paired(of["named"], ["set"], [pair for pair in pairs if pair[0] != pair[1]], ["value"]),
            "Rank correlations:",
            grouped(of["ranks"], ["map"], {"": mean("value")}, ["against"]),
        ]
    }


if __name__ == "__main__":
    main(__doc__, table, {"maps": partial(of_both_sets, maps)}, shown)
