"""What maps of "where the network looks" are worth: five maps and their controls, hidden squares, other weights.

python -m lessons.lamp.experiment   5 minutes, writes tables/inside_maps.csv
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from lessons.lamp import lamp, table
from tricknet import images
from tricknet.arrays import Doubles, Picture
from tricknet.cases import SETS
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.objectives import Logit

Row = dict[str, Any]
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
    found: Doubles = array.reshape(rows // side, side, columns // side, side, -1).sum(axis=(1, 3, 4))
    return found


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
    """Is the class still named when the squares that a map marks are hidden? Do its ranks outlive the weights?

    measure "named" and "fall": without the HIDDEN first squares of a map, whether the class is named, and how far its
    logit fell. "kept": whether it is named when only they are shown. "ranks": the rank correlation with the edges,
    with the middle, with the same map for another class, or of a network with shuffled weights (against: a stage).
    These alone are measured for three more maps, which differ from the others only by their signs.
    """
    rows: list[Row] = []
    strangers = {stage: lamp.with_shuffled_weights(model, first) for stage, first in STAGES.items()}
    names = SETS[which]
    for i, name in enumerate(tqdm(names, desc=which)):
        picture = images.load(name)
        label, score = best(model, picture), float(model.activations(picture, model.logits).max())
        (mine, again), controls = maps_of(model, picture, label), controls_of(picture, seed=i)
        covered = {"occlusion": lamp.occlusion(model, picture, label)}
        found: list[tuple[str, str, str, float]] = []  # map, measure, against, value
        for kind, values in (mine | covered | controls).items():
            without, only = hidden_by(model, picture, values)
            scores = model.activations(np.stack([without, only]), model.logits)
            found.append((kind, "fall", "", score - float(scores[0, label])))
            found.append((kind, "named", "", float(scores[0].argmax() == label)))
            found.append((kind, "kept", "", float(scores[1].argmax() == label)))
        if which == "evidence" and i < SHUFFLED:
            asked = {stage: (stranger, label) for stage, stranger in strangers.items()}
            asked["another class"] = model, (label + 500) % 1000
            pairs = {against: maps_of(network, picture, c) for against, (network, c) in asked.items()}
            others = {against: theirs | swapped for against, (theirs, swapped) in pairs.items()}
            for kind, values in (mine | again).items():
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
    return lamp.hidden(model, picture, mask), lamp.hidden(model, picture, ~mask)


def ranks(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """Spearman's rank correlation; 0 where one of them is constant."""
    return float(np.nan_to_num(spearmanr(a.ravel(), b.ravel()).statistic)) if np.ptp(a) and np.ptp(b) else 0.0


def best(model: Classifier, picture: Picture) -> int:
    """The class that the network finds most probable."""
    return int(model.predict(picture).best.index)


def main() -> None:
    """Measure the table."""
    model = GoogLeNet()
    print(table.save("inside_maps", [row for which in SETS for row in maps(model, which)]))


if __name__ == "__main__":
    main()
