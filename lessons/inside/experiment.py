"""What does a trick do layer by layer, which channels rise, and does the network need them?

    python -m lessons.inside.experiment [layers] [risen] [patched]

The photographs are the 40 of EVIDENCE and the 30 of HELD_OUT; in the last two tables, those of them that show no bird.
layers: tricks and their controls on their way through the layers, five minutes. Each photograph is made into the class
of the next one. "before" is the photograph itself, "mirrored" the target's photograph as in a mirror, and the rest are
what is added: the trick, its pixels at other places ("shuffled"), the trick that makes the photograph before this one
into the same target ("borrowed"), and 2 or -2 at the toss of a coin. Growth is the size of the change since the
photograph, relative to the photograph's activations (L2). Likeness is the cosine between the channels' means and those
of a photograph of the target. As a control, the photographs of EVIDENCE are also compared with a photograph of a class
that nobody aimed at.
risen: tricks into two birds and two other things, ten minutes. "places": the share of the positions of 4d whose most
risen channel is one of the 47 (9% of all) that tell birds from other photographs in over 80% of all pairs. "rank": the
place of channel 497, whose drawing is a bird's head, among the 528.
patched: tricks into a vulture, of which a percentage of 4d is put back as it was before, ten minutes. "channels" or
"places" are put back, or the tricked channels are "put in" where the rest is as before. order: those first that rose
most (places: that changed most); that tell birds best; that a real vulture excites most beyond the mean photograph; at
random (the mean of five orders). A cell says whether it is still a vulture.
"""

from functools import partial

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from lessons.inside import inside, table
from tricknet import images
from tricknet.arrays import Doubles, Floats
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.trick import trick
from tricknet.cases import SETS, load_all, main, of_both_sets
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.patching import put_back
from tricknet.report import differences, grouped, long, mean, median, total

Passed = dict[str, Floats]  # activations, by the layers' short names
BEAK = 497  # the channel of 4d whose drawing is a bird's head
TARGETS = ["vulture", "bald eagle", "teapot", "castle"]  # two birds and two other things
PERCENT = [0, 2, 4, 6, 9, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100]  # of the channels or places that are put back
SEEDS = 5  # random orders
SHOWN = ("picture", "conv2", "3b", "4b", "4d", "5b", "scores")  # layers on the page of evidence


def layers(model: Classifier, which: str) -> list[Row]:
    """The growth of a perturbation, and the likeness to a photograph of the target, at each layer."""
    names, rows = SETS[which], []
    photos = [images.load(name) for name in names]
    for i, name in enumerate(tqdm(names, desc=which)):
        photo, real = photos[i], photos[(i + 1) % len(names)]
        target = model.predict(real).best.index
        result = trick(model, photo, target)
        borrowed = trick(model, photos[i - 1], target).perturbation
        coins = np.random.default_rng(i).choice([-2, 2], photo.shape)
        perturbations = {"trick": result.perturbation, "shuffled": shuffled(result.perturbation, seed=i)}
        perturbations |= {"borrowed": borrowed, "coin-tosses": coins}
        pictures = {"before": photo, "mirrored": real[:, ::-1]}
        pictures |= {what: added(photo, perturbation) for what, perturbation in perturbations.items()}
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
    """For each photograph that is no bird, and each target: is it a bird's head that rises in 4d?"""
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
                }
            )
    return rows


def patched(model: Classifier, which: str) -> list[Row]:
    """Is it still a vulture when a percentage of 4d is put back as it was before the trick?"""
    evidence = model.activations(load_all(SETS["evidence"]), inside.ATLAS)
    usual = np.mean([means(activations) for activations in evidence], axis=0)
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
    mixed = [put_back(after, before, **{kind: order[:k].tolist()}) for k in counts]
    return np.array([prediction.best.index == c for prediction in model.predict_from(inside.ATLAS, mixed)])


def compared(before: Passed, now: Passed, there: Passed) -> dict[str, dict[str, float]]:
    """Each measure at each layer, to four digits: the growth since before, and the likeness to there."""
    measures = {
        "growth": {layer: inside.growth(before[layer], now[layer]) for layer in now},
        "likeness of means": {layer: inside.likeness(means(now[layer]), means(there[layer])) for layer in now},
    }
    return {measure: {k: float(f"{v:.4g}") for k, v in values.items()} for measure, values in measures.items()}


def means(activations: Floats) -> Floats:
    """Each channel's mean over all positions: what is there, and not where."""
    result: Floats = activations.mean(axis=(0, 1)) if activations.ndim == 3 else activations
    return result


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    risen, journeys = table("risen"), long(table("layers"), SHOWN, "layer")
    growth, alike, third = (
        [row for row in journeys if row["measure"] == measure]
        for measure in ("growth", "likeness of means", "likeness to a third class")
    )
    alike = [row for row in alike if row["what"] in ("before", "trick", "mirrored")]
    cells = {"places": mean("places", 3), "rank": median("rank")}
    birds_and_things = [({"target": "vulture"}, {"target": "teapot"})]
    percent = [f"{p}" for p in (4, 9, 15, 30, 50)]
    patches = long(table("patched"), percent, "percent")
    return {
        "layers": [
            "Growth:",
            grouped(growth, ["layer"], {"": mean("value", 3)}, ["set", "what"]),
            "Likeness of the channels' means to a photograph of the target:",
            grouped(alike, ["layer"], {"": mean("value")}, ["set", "what"]),
            "Likeness of the channels' means to a photograph of a third class:",
            grouped(third, ["layer"], {"": mean("value")}, ["set", "what"]),
        ],
        "risen": [
            grouped(risen, ["set", "target"], cells),
            differences(risen, ["set"], birds_and_things, "places", "photograph", digits=3),
        ],
        "patched": [
            "Photographs that are a vulture, by the percentage that is put back or put in:",
            grouped(patches, ["set", "what", "order"], {"": total("value", 1)}, ["percent"]),
        ],
    }


if __name__ == "__main__":
    main(__doc__, table, {maker.__name__: partial(of_both_sets, maker) for maker in (layers, risen, patched)}, shown)
