"""What a trick does layer by layer, and what maps of "where the network looks" are worth: the tables of lesson 11.

    python -m benchmarks.lessons.inside layers   5 minutes: tricks and their controls on their way through the layers
    python -m benchmarks.lessons.inside maps     5 minutes: five maps and their controls, hidden squares, other weights

The rows go into benchmarks/tables/inside.csv and inside_maps.csv.
"""

import argparse
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from benchmarks.lessons.cases import SETS
from tricknet import images
from tricknet.arrays import Doubles, Floats, Picture
from tricknet.attacks.trick import trick
from tricknet.evidence import save_table
from tricknet.networks.classifier import Classifier, GoogLeNet
from tricknet.networks.objectives import Logit
from tricknet.topics import inside

Row = dict[str, Any]
Passed = dict[str, Floats]  # activations, by the layers' short names
HIDDEN = 10  # squares of 49, which is a fifth of the picture
STAGES = {"scores": "loss3", "all": ""}  # whose weights go
SHUFFLED = 30  # pictures of the evidence set that are shown to networks with shuffled weights


def layers(model: Classifier, which: str) -> list[Row]:
    """The growth of a perturbation, and the likeness to a photograph of the target, at each layer.

    Each photograph is made into the class of the next one. "before" is the photograph itself, "mirrored" the
    target's photograph as in a mirror, and the rest are what is added: the trick, its pixels at other places, the
    trick of the photograph before this one, and 2 or -2 at the toss of a coin. As a control, the evidence set is also
    compared with the photograph after the target's, of a class that nobody aimed at.
    """
    names, rows = SETS[which], []
    photos = [images.load(name) for name in names]
    borrowed = trick(model, photos[-1], best(model, photos[0])).perturbation
    for i, name in enumerate(tqdm(names, desc=which)):
        photo, real = photos[i], photos[(i + 1) % len(names)]
        result = trick(model, photo, best(model, real))
        coins = np.random.default_rng(i).choice([-2, 2], photo.shape)
        perturbations = {"trick": result.perturbation, "shuffled": inside.shuffled(result.perturbation, seed=i)}
        perturbations |= {"borrowed": borrowed, "coin-tosses": coins}
        pictures = {"before": photo, "mirrored": real[:, ::-1]}
        pictures |= {what: inside.added(photo, perturbation) for what, perturbation in perturbations.items()}
        borrowed = result.perturbation
        passed = {what: inside.journey(model, picture) for what, picture in pictures.items()}
        there, third = inside.journey(model, real), inside.journey(model, photos[(i + 2) % len(names)])
        fields = {"set": which, "photograph": name, "fooled": int(result.fooled)}
        for what, now in passed.items():
            for measure, values in compared(passed["before"], now, there).items():
                if measure != "growth" or what in perturbations:
                    rows.append({**fields, "what": what, "measure": measure, **values})
            if which == "evidence" and what in ("before", "trick"):
                values = compared(now, now, third)["likeness of means"]
                rows.append({**fields, "what": what, "measure": "likeness to a third class", **values})
    return rows


def compared(before: Passed, now: Passed, there: Passed) -> dict[str, dict[str, float]]:
    """Each measure at each layer, to four digits: the growth since before, and the likeness to there."""
    measures = {
        "growth": {layer: inside.growth(before[layer], now[layer]) for layer in now},
        "likeness": {layer: inside.likeness(now[layer], there[layer]) for layer in now},
        "likeness of means": {layer: inside.likeness(means(now[layer]), means(there[layer])) for layer in now},
    }
    return {measure: {k: float(f"{v:.4g}") for k, v in values.items()} for measure, values in measures.items()}


def best(model: Classifier, picture: Picture) -> int:
    """The class that the network finds most probable."""
    return int(model.predict(picture).top(1)[0][0])


def means(activations: Floats) -> Floats:
    """Each channel's mean over all positions: what is there, and not where."""
    result: Floats = activations.mean(axis=(0, 1)) if activations.ndim == 3 else activations
    return result


def maps_of(model: Classifier, picture: Picture, label: int) -> dict[str, Doubles]:
    """Four maps that need a gradient or the last layer, each as 7 x 7 squares of 32 pixels."""
    gradient = model.gradient(picture, Logit(label))
    return {
        "gradient": inside.squares(gradient),
        "gradient times input": inside.squares(gradient * (picture - model.mean)),
        "SmoothGrad": inside.squares(inside.smooth_gradient(model, picture, label, copies=8)),
        "CAM": inside.class_activation(model, picture, label),
    }


def controls_of(picture: Picture, seed: int) -> dict[str, Doubles]:
    """Three maps that no network has made: edges (the Sobel filter), the distance to the edge, and chance."""
    grey = picture.mean(axis=2)
    along = np.arange(7) - 3.0
    return {
        "edges": inside.squares(np.hypot(sobel(grey, 0), sobel(grey, 1))),
        "middle": -np.hypot(*np.meshgrid(along, along)),
        "chance": np.random.default_rng(seed).random((7, 7)),
    }


def maps(model: Classifier, which: str) -> list[Row]:
    """Is the class still named when the squares that a map marks are hidden? Do its ranks outlive the weights?

    measure "named" and "fall": without the HIDDEN first squares of a map, whether the class is named, and how far its
    logit fell. "kept": whether it is named when only they are shown. "ranks": the rank correlation with the edges,
    with the middle, with the same map for another class, or of a network with shuffled weights (against: a stage).
    """
    rows: list[Row] = []
    strangers = {stage: inside.with_shuffled_weights(model, first) for stage, first in STAGES.items()}
    names = SETS[which]
    for i, name in enumerate(tqdm(names, desc=which)):
        picture = images.load(name)
        label, score = best(model, picture), float(model.activations(picture, model.logits).max())
        mine, controls = maps_of(model, picture, label), controls_of(picture, seed=i)
        covered = {"occlusion": inside.occlusion(model, picture, label)}
        found: list[tuple[str, str, str, float]] = []  # map, measure, against, value
        for kind, values in (mine | covered | controls).items():
            without, only = hidden_by(model, picture, values)
            scores = model.activations(np.stack([without, only]), model.logits)
            found.append((kind, "fall", "", score - float(scores[0, label])))
            found.append((kind, "named", "", float(scores[0].argmax() == label)))
            found.append((kind, "kept", "", float(scores[1].argmax() == label)))
        if which == "evidence" and i < SHUFFLED:
            others = {stage: maps_of(stranger, picture, label) for stage, stranger in strangers.items()}
            others["another class"] = maps_of(model, picture, (label + 500) % 1000)
            for kind, values in mine.items():
                found += [(kind, "ranks", against, ranks(values, of[kind])) for against, of in others.items()]
                found += [(kind, "ranks", against, ranks(values, of)) for against, of in controls.items()]
        fields = {"set": which, "picture": name}
        rows += [
            {**fields, "map": kind, "measure": measure, "against": against, "value": float(f"{value:.4g}")}
            for kind, measure, against, value in found
        ]
    return rows


def hidden_by(model: Classifier, picture: Picture, values: Doubles) -> tuple[Picture, Picture]:
    """The picture without the first squares of a map, and with nothing but those."""
    first = np.argsort(-values, axis=None, kind="stable")[:HIDDEN]
    mask = np.isin(np.arange(values.size), first).reshape(values.shape)
    return inside.hidden(model, picture, mask), inside.hidden(model, picture, ~mask)


def ranks(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """Spearman's rank correlation; 0 where one of them is constant."""
    return float(np.nan_to_num(spearmanr(a.ravel(), b.ravel()).statistic)) if np.ptp(a) and np.ptp(b) else 0.0


def main() -> None:
    """Measure one table, or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", default=["layers", "maps"], help="layers, maps or both (the default)")
    model = GoogLeNet()
    for name in parser.parse_args().tables:
        rows: list[Row] = []
        for which in SETS:
            rows += {"layers": layers, "maps": maps}[name](model, which)
            print(save_table({"layers": "inside", "maps": "inside_maps"}[name], rows))


if __name__ == "__main__":
    main()
