"""Walks towards a class, as an island: the reader sees each step, and chooses where the next walk leads."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tricknet import Classifier, plots
from tricknet.arrays import Pictures
from tricknet.island import Island


def step_by_step(model: Classifier, frames: Pictures, classes: Sequence[str], alt: str = "") -> Island:
    """A picture's walk to the first of these classes. To another that the reader chooses, `trick` takes as many steps.

    frames: uint8, (steps + 1) x height x width x 3: the picture, and after each step. alt: the still's alternative
    text. The still has the first and the last of them.
    """
    first, last = ends = model.predict(list(frames[[0, -1]]))
    epsilon = int(np.abs(frames.astype(int) - frames[0]).max())
    state = {
        "rule": {"epsilon": epsilon, "steps": len(frames) - 1},
        "networks": [("", model.name)],
        "channels": 3,
        "starts": [("", frames[0])],
        "classes": classes,
        "target": classes[0],
        "beside": first.best.name,
        "walks": [pack_walk(model, frames, classes[0], first.best.name)],
        "enlarge": 2,
        "note": f"No value moves by more than {epsilon} out of 255. Choose another class, and trick() walks there.",
    }
    still = plots.show(frames[[0, -1]], ends, alt, enlarge=2)
    return Island("walk", state, model, still=still, text=f"{first} → {last} (Run this cell to choose another class.)")


def pack_walk(model: Classifier, frames: Pictures, *classes: str) -> dict[str, Any]:
    """What the island keeps of a walk: each step's change (modulo 256), what the network says, and the curves' heights.

    frames: uint8, (steps + 1) x height x width x channels. classes: those that have a curve.
    """
    changes, seen = np.diff(frames, axis=0), model.predict(list(frames))
    strip = changes.reshape(-1, *changes.shape[2:]).repeat(3 // model.channels, axis=-1)
    heights = [[round(prediction[name], 6) for name in classes] for prediction in seen]
    return {"changes": strip, "says": [str(prediction) for prediction in seen], "heights": heights}
