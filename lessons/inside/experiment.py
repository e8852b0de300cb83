"""What a trick does layer by layer, and what maps of "where the network looks" are worth: the tables of lesson 11.

    python -m benchmarks.lessons.inside layers   5 minutes: tricks and their controls on their way through the layers
    python -m benchmarks.lessons.inside risen    10 minutes: which channels of 4d rise for a vulture and for others
    python -m benchmarks.lessons.inside patched  10 minutes: how much of 4d has to be put back until the vulture is gone
    python -m benchmarks.lessons.inside maps     5 minutes: five maps and their controls, hidden squares, other weights

The rows go into benchmarks/tables/inside.csv, inside_risen.csv, inside_patched.csv and inside_maps.csv.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from tqdm import tqdm

from benchmarks.lessons.cases import SETS, asked_for
from tricknet import images
from tricknet.arrays import Doubles, Floats, Picture
from tricknet.attacks.trick import trick
from tricknet.evidence import save_table
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.objectives import Logit
from tricknet.topics import inside

Row = dict[str, Any]
Passed = dict[str, Floats]  # activations, by the layers' short names
HIDDEN = 10  # squares of 49, which is a fifth of the picture
STAGES = {"scores": "loss3", "all": ""}  # whose weights go
BEAK = 497  # the channel of 4d whose drawing is a bird's head
TARGETS = ["vulture", "bald eagle", "teapot", "castle"]  # two birds and two other things
PERCENT = [0, 2, 4, 6, 9, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100]  # of the channels or places that are put back
SEEDS = 5  # random orders
SHUFFLED = 30  # pictures of the evidence set that are shown to networks with shuffled weights


def layers(model: Classifier, which: str) -> list[Row]:
    """The growth of a perturbation, and the likeness to a photograph of the target, at each layer.

    Each photograph is made into the class of the next one. "before" is the photograph itself, "mirrored" the
    target's photograph as in a mirror, and the rest are what is added: the trick, its pixels at other places, the
    trick that makes the photograph before this one into the same target, and 2 or -2 at the toss of a coin. As a
    control, the evidence set is also compared with the photograph after the target's, of a class that nobody aimed at.
    """
    names, rows = SETS[which], []
    photos = [images.load(name) for name in names]
    for i, name in enumerate(tqdm(names, desc=which)):
        photo, real = photos[i], photos[(i + 1) % len(names)]
        target = best(model, real)
        result = trick(model, photo, target)
        borrowed = trick(model, photos[i - 1], target).perturbation
        coins = np.random.default_rng(i).choice([-2, 2], photo.shape)
        perturbations = {"trick": result.perturbation, "shuffled": inside.shuffled(result.perturbation, seed=i)}
        perturbations |= {"borrowed": borrowed, "coin-tosses": coins}
        pictures = {"before": photo, "mirrored": real[:, ::-1]}
        pictures |= {what: inside.added(photo, perturbation) for what, perturbation in perturbations.items()}
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


def others(which: str) -> list[str]:
    """The photographs of a set that show no bird."""
    return [name for name in SETS[which] if name not in inside.BIRDS]


def birds(model: Classifier) -> Doubles:
    """How well each channel of 4d tells birds from the other photographs of both sets."""
    return inside.tells(model, [*SETS["evidence"], *SETS["held_out"]], inside.BIRDS)


def risen(model: Classifier, which: str) -> list[Row]:
    """For each photograph that is no bird, and each target: is it a bird's head that rises in 4d?

    rank: of the beak channel by its mean rise, 1 to 528. places: the share of the positions whose most risen channel
    is one that tells birds in over 80% of all pairs. share: of the most risen 47 channels, those that do.
    """
    tells, rows = birds(model), []
    for name in tqdm(others(which), desc=which):
        photo = images.load(name)
        before = model.activations(photo, inside.ATLAS)
        for target in TARGETS:
            result = trick(model, photo, target)
            rise = model.activations(result.after, inside.ATLAS) - before
            order = np.argsort(-rise.mean(axis=(0, 1))).tolist()
            rows.append(
                {
                    "set": which,
                    "photograph": name,
                    "target": target,
                    "fooled": int(result.fooled),
                    "rank": order.index(BEAK) + 1,
                    "places": round(float((tells[rise.argmax(axis=2)] > 0.8).mean()), 4),
                    "share": round(float((tells[order[:47]] > 0.8).mean()), 4),
                }
            )
    return rows


def patched(model: Classifier, which: str) -> list[Row]:
    """Is it still a vulture when a percentage of 4d is put back as it was before the trick?

    For each photograph that is no bird. what: "channels" or "places" are put back, or the tricked channels are "put in"
    where the rest is as before. order: those first that rose most (places: that changed most); that tell birds best (47
    channels, 9%, do in over 80% of all pairs); that a real vulture excites most beyond the mean photograph; at random
    (the mean of SEEDS orders).
    """
    evidence = [images.load(name) for name in SETS["evidence"]]
    usual = np.mean([means(model.activations(photo, inside.ATLAS)) for photo in evidence], axis=0)
    own = means(model.activations(images.load("vulture"), inside.ATLAS)) - usual
    fixed = {"birds": [np.argsort(-birds(model), kind="stable")], "a real vulture's": [np.argsort(-own)]}
    c, rows = model.labels.find("vulture"), []
    for name in tqdm(others(which), desc=which):
        photo = images.load(name)
        result = trick(model, photo, c)
        before, after = (model.activations(picture, inside.ATLAS) for picture in (photo, result.after))
        chance = [np.random.default_rng(seed) for seed in range(SEEDS)]
        channels = {"risen": [np.argsort(-means(after - before))], **fixed}
        channels["random"] = [random.permutation(after.shape[2]) for random in chance]
        places = {"changed": [np.argsort(-np.linalg.norm(after - before, axis=2), axis=None)]}
        places["random"] = [random.permutation(after.shape[0] * after.shape[1]) for random in chance]
        ways = [("channels", before, after, channels), ("places", before, after, places)]
        for what, old, new, orders in [*ways, ("put in", after, before, channels)]:
            for order, several in orders.items():
                named = np.mean([stays(model, new, old, c, order, what) for order in several], axis=0)
                shares = {str(p): round(float(v), 2) for p, v in zip(PERCENT, named, strict=True)}
                fields = {"set": which, "photograph": name, "fooled": int(result.fooled)}
                rows.append({**fields, "what": what, "order": order, **shares})
    return rows


def stays(
    model: Classifier, after: Floats, before: Floats, c: int, order: npt.NDArray[np.intp], what: str
) -> npt.NDArray[np.bool_]:
    """Is it the class, with each percentage of the channels (or places) put back in this order?"""
    counts = [percent * len(order) // 100 for percent in PERCENT]
    kind = "places" if what == "places" else "channels"
    mixed = np.stack([inside.put_back(after, before, **{kind: order[:k].tolist()}) for k in counts])
    return np.array([int(said.probabilities.argmax()) == c for said in model.predict_from(inside.ATLAS, mixed)])


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


def maps_of(model: Classifier, picture: Picture, label: int) -> tuple[dict[str, Doubles], dict[str, Doubles]]:
    """Four maps that need a gradient or the last layer, each as 7 x 7 squares of 32 pixels, and three of them again.

    Is it the signs? CAM comes again without those it has, and the two plainer maps with those that they have not.
    """
    gradient, activation = model.gradient(picture, Logit(label)), inside.class_activation(model, picture, label)
    weighted = gradient * (picture - model.mean)
    maps = {
        "gradient": inside.squares(gradient),
        "gradient times input": inside.squares(weighted),
        "SmoothGrad": inside.squares(inside.smooth_gradient(model, picture, label, copies=8)),
        "CAM": activation,
    }
    again = {
        "CAM, without signs": np.abs(activation),
        "gradient, with signs": sums(gradient.astype(float)),
        "gradient times input, with signs": sums(weighted.astype(float)),
    }
    return maps, again


def sums(array: npt.NDArray[Any], side: int = 32) -> Doubles:
    """The sum of all values in each square, where `inside.squares` has the mean size."""
    rows, columns, _ = array.shape
    found: Doubles = array.reshape(rows // side, side, columns // side, side, -1).sum(axis=(1, 3, 4))
    return found


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
    These alone are measured for three more maps, which differ from the others only by their signs.
    """
    rows: list[Row] = []
    strangers = {stage: inside.with_shuffled_weights(model, first) for stage, first in STAGES.items()}
    names = SETS[which]
    for i, name in enumerate(tqdm(names, desc=which)):
        picture = images.load(name)
        label, score = best(model, picture), float(model.activations(picture, model.logits).max())
        (mine, again), controls = maps_of(model, picture, label), controls_of(picture, seed=i)
        covered = {"occlusion": inside.occlusion(model, picture, label)}
        found: list[tuple[str, str, str, float]] = []  # map, measure, against, value
        for kind, values in (mine | covered | controls).items():
            without, only = hidden_by(model, picture, values)
            scores = model.all_activations(np.stack([without, only]), model.logits)
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
    return inside.hidden(model, picture, mask), inside.hidden(model, picture, ~mask)


def ranks(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    """Spearman's rank correlation; 0 where one of them is constant."""
    return float(np.nan_to_num(spearmanr(a.ravel(), b.ravel()).statistic)) if np.ptp(a) and np.ptp(b) else 0.0


def main() -> None:
    """Measure one table, or all."""
    names, model = asked_for(__doc__, MAKERS), GoogLeNet()
    for name in names:
        rows: list[Row] = []
        for which in SETS:
            rows += MAKERS[name](model, which)
            print(save_table(TABLES[name], rows))


TABLES = {"layers": "inside", "risen": "inside_risen", "patched": "inside_patched", "maps": "inside_maps"}
MAKERS = {"layers": layers, "risen": risen, "patched": patched, "maps": maps}

if __name__ == "__main__":
    main()
