"""Inside a network: how a perturbation travels through the layers, where the network looks, and how to test such maps.

Maps explain a score, the class's logit, and not its probability, which hardly moves while the network is sure.
"""

from collections.abc import Container, Sequence

import numpy as np
from PIL import Image

from tricknet import images
from tricknet.arrays import Doubles, Floats, Picture, Pictures
from tricknet.networks.classifier import Classifier
from tricknet.paths import ATLAS_FOLDER

# GoogLeNet's layers from the picture to the scores, one for each block, under the short names that the figures use.
STOPS = {
    "conv1": "conv1/7x7_s2",
    "conv2": "conv2/3x3",
    **{block: f"inception_{block}/output" for block in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")},
    "scores": "loss3/classifier",
}
ATLAS = STOPS["4d"]  # the layer whose channels the atlas shows: 14 x 14 positions of 528 channels
BIRDS = frozenset(["hen", "lorikeet", "macaw", "spoonbill", "bald_eagle", "hummingbird", "toucan"])  # of all 70
ATLAS_SHEET = ATLAS_FOLDER / "4d.jpg"


def journey(model: Classifier, picture: Picture) -> dict[str, Floats]:
    """What each of GoogLeNet's blocks makes of a picture, by the short names in STOPS. First: "picture", mean removed.

    float32, height x width x channels, and (classes,) for the scores.
    """
    passed = model.by_layer(picture, STOPS.values())
    return {"picture": picture - model.mean} | {short: passed[layer] for short, layer in STOPS.items()}


def growth(before: Floats, after: Floats) -> float:
    """By how much activations have changed, relative to what they were: the ratio of two lengths (L2)."""
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


def changed(before: Floats, after: Floats) -> Floats:
    """By how much each place of a layer has changed (height x width), relative to the typical length of a place."""
    lengths, usual = np.linalg.norm(after - before, axis=2), np.linalg.norm(before, axis=2)
    return np.asarray(lengths / np.sqrt((usual**2).mean()))


def likeness(one: Floats, other: Floats) -> float:
    """The cosine between two sets of activations: 1 where they point the same way, 0 where they share nothing."""
    return float((one * other).sum() / (np.linalg.norm(one) * np.linalg.norm(other)))


def tells(model: Classifier, names: Sequence[str], these: Container[str]) -> Doubles:
    """How well each channel of 4d tells some photographs from the others: (528,), 1 for always and 0.5 for not at all.

    The share of all pairs, one of these and one of the others, in which the channel's largest activation is larger in
    the first.
    """
    peaks = np.stack([model.activations(images.load(name), ATLAS).max(axis=(0, 1)) for name in names])
    chosen = np.array([name in these for name in names])
    shares: Doubles = (peaks[chosen][:, None] > peaks[~chosen]).mean(axis=(0, 1))
    return shares


TILE, ACROSS = 80, 16  # the atlas: pixels of a picture's side, and pictures in a row


def atlas() -> Pictures:
    """What excites each channel of layer 4d, as generate/atlas.py drew it: uint8, 528 x 80 x 80 x 3."""
    with Image.open(ATLAS_SHEET) as image:
        sheet = np.asarray(image)
    return sheet.reshape(-1, TILE, ACROSS, TILE, 3).swapaxes(1, 2).reshape(-1, TILE, TILE, 3)
