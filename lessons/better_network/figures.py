"""Lesson 15's figure: a walk on two networks."""

from collections.abc import Mapping, Sequence

from lessons.better_network.drawings import LENGTH
from tricknet import Classifier, walks
from tricknet.arrays import Pictures
from tricknet.island import Island
from tricknet.plots import Sheet


def side_by_side(
    networks: Mapping[str, Classifier], stages: Sequence[Pictures], garments: Sequence[str], target: str, still: Sheet
) -> Island:
    """A garment's walk on both networks, step by step; the reader may then choose another garment or another class.

    stages: as `of_equal_length` gives them, for each network. garments: what the pictures are called; the first one's
    walk, to the target, is what is seen first.
    """
    models, shown = list(networks.values()), stages[0][0].repeat(3, axis=-1)
    state = {
        "rule": {"length": LENGTH, "steps": len(stages[0]) - 1},
        "networks": [(name, network.name) for name, network in networks.items()],
        "channels": 1,
        "starts": [*zip(garments, shown, strict=True)],
        "classes": list(models[0].labels),
        "target": target,
        "beside": "",
        "walks": [walks.pack_walk(model, each[:, 0], target) for model, each in zip(models, stages, strict=True)],
        "enlarge": 8,
        "note": "At each step both changes are equally long. Each curve is a network's answer for the class.",
    }
    text = f"{garments[0]} → {target}, on each network (Run this cell to choose another garment or class.)"
    return Island("walk", state, *models, still=still, text=text)
