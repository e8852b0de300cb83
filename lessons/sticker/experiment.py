"""What do one perturbation and one sticker do to photographs that they never met?

    python -m lessons.sticker.experiment [universal] [stickers] [sticker_changes] [sticker_seeds]

universal: universal perturbations of epsilon 10 from the 40 photographs of EVIDENCE, with five seeds for each recipe.
"loud" raises the response of inception_3b, with 240 and with 1000 gradients; "margin" lowers the margin of each
photograph's own class, with 1000; "clamped" is a margin that fades below -CLAMP, so that photographs that have been won
hardly count (Carlini and Wagner 2017 clamp their loss, abruptly). Each is added to the 30 photographs of HELD_OUT as it
is ("none"), and with its pixels shuffled. A cell says whether the network's first answer changed.
stickers: two stickers of images/stickers go on the 30 photographs of HELD_OUT at five sizes, each at a place, an angle
and in a light that are drawn at random for that photograph and are the same for all rivals. The rivals are the sticker
with its pixels shuffled; a white disc with the class's name on it; and for the banana a photograph of bananas, cut to a
disc. Each network of NETWORKS is asked. A cell says whether its first answer is the sticker's class ("plain"), and
whether it still is after `transforms.photographed` ("photographed").
sticker_changes: the same at 15% of the area on GoogLeNet, sticker and shuffled, after each change in
`tricknet.unseen.UNSEEN` and after `another_camera`. Training drew none of them, though it turned the sticker
on the photograph. A cell says whether the first answer is the sticker's class.
sticker_seeds: the toaster made with five seeds, on HELD_OUT at 15% and 25%. A cell says whether the first answer is
toaster.

Takes about twenty minutes on two quiet cores; Ctrl-C keeps what is done.
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from tqdm import tqdm

from lessons.sticker import table
from lessons.sticker.stickers import rivals, worn
from tricknet import images
from tricknet.arrays import Doubles, Pictures
from tricknet.attacks import sticker, transforms
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.universal import universal
from tricknet.cases import first_answers, load_all, main
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.efficientnet_lite0 import EfficientNetLite0
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Margin, Objective, Strength
from tricknet.networks.squeezenet import SqueezeNet
from tricknet.report import count, differences, grouped, long, paired
from tricknet.unseen import UNSEEN, another_camera

NETWORKS: tuple[Callable[[], Classifier], ...] = (GoogLeNet, SqueezeNet, EfficientNetLite0)
EPSILON = 10
LOUD = Strength("inception_3b/output")
SHARES = (0.05, 0.10, 0.15, 0.20, 0.25)  # of the picture's area
STICKERS = ("toaster", "banana")
CHANGED_AT = 0.15  # the share at which the changes are tried
RECIPES = (("loud", 60), ("loud", 250), ("margin", 250), ("clamped", 250))  # steps of four gradients
CLAMP = 10  # of the logit: set once, and not tuned
SEEDS = 5


class Clamped(Margin):
    """A margin that fades as it falls below -CLAMP: log(1 + exp(margin + CLAMP)). (A slope of 0 would be an error.)"""

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        """The faded margin and its slope."""
        margin, slope = super().measure(activations, labels)
        return float(np.logaddexp(0, margin + CLAMP)), slope / (1 + np.exp(-margin - CLAMP))


def perturbations() -> Iterator[Row]:
    """Every recipe from all photographs, five times, with its shuffled control."""
    model, evidence, new = GoogLeNet(), load_all(images.EVIDENCE), load_all(images.HELD_OUT)
    before, own = first_answers(model, new), first_answers(model, evidence)
    climbed: dict[str, list[Objective]] = {
        "loud": [LOUD] * len(own),
        "margin": [-Margin(answer) for answer in own],
        "clamped": [-Clamped(answer) for answer in own],
    }
    for (kind, steps), seed in tqdm([*product(RECIPES, range(SEEDS))], desc="seeds"):
        result = universal(model, evidence, climbed[kind], epsilon=EPSILON, steps=steps, seed=seed)
        mixed = shuffled(result.perturbation, seed)
        for control, perturbation in {"none": result.perturbation, "shuffled": mixed}.items():
            recipe = {"kind": kind, "gradients": result.gradients, "seed": seed, "control": control}
            after = first_answers(model, added(new, perturbation))
            for name, old, answer in zip(images.HELD_OUT, before, after, strict=True):
                yield recipe | {"picture": name, "changed": int(old != answer)}


def stickers() -> Iterator[Row]:
    """Every sticker and its rivals at every size, as every network sees them."""
    held_out = load_all(images.HELD_OUT)
    for network in NETWORKS:
        model = network()
        for name in STICKERS:
            for kind, what in rivals(name).items():
                for share in tqdm(SHARES, desc=f"{model.name}, {name}, {kind}"):
                    yield from asked(model, name, kind, share, worn(held_out, what, share))


def asked(model: Classifier, name: str, kind: str, share: float, pictures: Pictures) -> Iterator[Row]:
    """A row for each picture of HELD_OUT with something on it."""
    target = model.labels.find(name)
    looks = [transforms.photographed(p, np.random.default_rng(1000 + i)) for i, p in enumerate(pictures)]
    answers = zip(images.HELD_OUT, first_answers(model, pictures), first_answers(model, looks), strict=False)
    for picture, plain, photographed in answers:
        row: Row = {"network": model.name, "sticker": name, "kind": kind, "share": share, "picture": picture}
        yield row | {"plain": int(plain == target), "photographed": int(photographed == target)}


def changes() -> Iterator[Row]:
    """The stickers and their shuffled controls after changes that their training did not draw."""
    model, held_out = GoogLeNet(), load_all(images.HELD_OUT)
    for name in STICKERS:
        target = model.labels.find(name)
        for kind in ("sticker", "shuffled"):
            for i, picture in enumerate(tqdm(worn(held_out, rivals(name)[kind], CHANGED_AT), desc=f"{name}, {kind}")):
                after = [change(picture) for change in UNSEEN.values()]
                after.append(another_camera(picture, np.random.default_rng(1000 + i)))
                hits = [int(answer == target) for answer in first_answers(model, after)]
                row: Row = {"sticker": name, "kind": kind, "picture": images.HELD_OUT[i]}
                yield row | dict(zip([*UNSEEN, "another camera"], hits, strict=True))


def toasters() -> Iterator[Row]:
    """Five toasters, as every network sees them at two sizes."""
    models = [network() for network in NETWORKS]
    held_out, target = load_all(images.HELD_OUT), models[0].labels.find("toaster")
    for seed in tqdm(range(SEEDS), desc="stickers"):
        toaster = sticker.make(models[0], target, seed=seed).pixels[..., :3]
        for share in (CHANGED_AT, SHARES[-1]):
            pictures = worn(held_out, toaster, share)
            answers = zip(*(first_answers(model, pictures) for model in models), strict=True)
            for picture, three in zip(images.HELD_OUT, answers, strict=True):
                row: Row = {"seed": seed, "share": share, "picture": picture}
                yield row | {model.name: int(one == target) for model, one in zip(models, three, strict=True)}


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    discs, seeds = table("stickers"), table("sticker_seeds")
    pairs = [({"kind": "sticker"}, {"kind": rival}) for rival in ("object", "note", "shuffled")]
    changed = long(table("sticker_changes"), [*UNSEEN, "another camera"])
    recipes = [row | {"recipe": f"{row['kind']}, {row['gradients']} gradients"} for row in table("universal")]
    rivals = [("loud, 1000", "loud, 240"), ("loud, 1000", "margin, 1000"), ("clamped, 1000", "margin, 1000")]
    named = [({"recipe": f"{one} gradients"}, {"recipe": f"{other} gradients"}) for one, other in rivals]
    return {
        "universal": [
            "Photographs whose first answer changed:",
            grouped(recipes, ["recipe", "control"], {"": count("changed")}, ["seed"]),
            "The share that changed, photograph by photograph, over the five seeds:",
            differences([row for row in recipes if row["control"] == "none"], [], named, "changed"),
            differences(recipes, ["recipe"], [({"control": "none"}, {"control": "shuffled"})], "changed"),
        ],
        "stickers": [
            "Photographs whose first answer is the sticker's class:",
            grouped(discs, ["network", "sticker", "kind"], {"": count("plain")}, ["share"]),
            "The same after `transforms.photographed`:",
            grouped(discs, ["network", "sticker", "kind"], {"": count("photographed")}, ["share"]),
            "On GoogLeNet:",
            paired([row for row in discs if row["network"] == "GoogLeNet"], ["sticker", "share"], pairs, ["plain"]),
        ],
        "sticker_changes": [
            "Photographs whose first answer is the sticker's class:",
            grouped(changed, ["change"], {"": count("value")}, ["sticker", "kind"]),
        ],
        "sticker_seeds": [
            "Photographs whose first answer is toaster:",
            grouped(long(seeds, list(seeds[0])[3:], "network"), ["network", "share"], {"": count("value")}, ["seed"]),
        ],
    }


if __name__ == "__main__":
    makers = {"universal": perturbations, "stickers": stickers, "sticker_changes": changes, "sticker_seeds": toasters}
    main(__doc__, table, makers, shown)
