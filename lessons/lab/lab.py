"""Lesson 7's lab: the site's (islands/lab.js), with the kernel's Caffe and the folder images/ behind it."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import Image

from tricknet import Classifier, Trick, images
from tricknet.arrays import Picture
from tricknet.attacks import sticker
from tricknet.attacks.attack import Counted, Moment, finish
from tricknet.attacks.steps import METHODS, constant
from tricknet.attacks.trick import best
from tricknet.island import Island
from tricknet.paths import DOCS

# First the walk that is easiest to watch: an eighth of epsilon at each step, as in the README's animation.
LAB_METHODS = {"small steps": replace(METHODS["sign"], reach=1 / 8, size=constant), **METHODS}
PICTURES = ("panda", "cat", "sorrel", "castle", "bee", "cup")  # on a page, which has no folder
ALT = "The lab: controls, a panda after a run, the network's answers, and curves of probabilities."


class Lab(Island):
    """The lab: the last expression of a cell shows it. trick: what its last run of tricks has led to, or None."""

    def __init__(self, model: Classifier):
        settings = {"network": model.name, "picture": "panda", "method": "small steps"}
        stickers = [(name, sticker.ready(name).pixels[..., :3]) for name in sticker.names()]
        state = {"pictures": [], "stickers": stickers, "networks": [model.name], "settings": settings}
        still = Image(filename=str(DOCS / "lab.png"), alt=ALT)  # type: ignore[no-untyped-call]
        super().__init__("lab", state, model, still=still, text="The lab. Run this cell, and it appears here.")
        self.model = model
        self.trick: Trick | None = None
        self._run: dict[str, Any] | None = None  # the one whose steps are being taken
        self._path: list[Moment] = []  # its pictures so far, and what the network says about each

    def stored(self) -> dict[str, Any]:
        """As it begins on a page: with photographs in place of the folder."""
        return super().stored() | {"pictures": [(name, images.load(name)) for name in PICTURES]}

    def reply(self, question: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """The answer about the folder, a run or the network. During a run, each answer of the network is kept."""
        match question["kind"]:
            case "pictures":
                return {"names": images.examples()}, []
            case "picture":
                return {}, [images.load(question["name"]).tobytes()]
            case "save":
                return self._save(_picture(buffers[0]), question["name"]), []
            case "begin":
                self.trick, self._path = None, []
                self._run = question | {"start": _picture(buffers[0])} if question["way"] == "trick" else None
                return {}, []
            case "end":
                self._end(question["frames"])
                return {}, []
        answer, parts = super().reply(question, buffers)
        if self._run and parts:
            self._path.append((_picture(buffers[0]), np.frombuffer(parts[0], np.float32)))
        return answer, parts

    def _end(self, frames: int) -> None:
        """Keep what the run has led to, as `trick` would, with only the frames that the reader has seen."""
        run, self._run = self._run, None
        if run and (path := self._path[:frames]):
            goal, epsilon, network = frozenset([run["target"]]), run["epsilon"], Counted(self.model)
            network.queries, network.gradients = len(path), len(path) - 1
            self.trick = finish(Trick, network, run["start"], path, target=goal, epsilon=epsilon, keep=best)

    def _save(self, picture: Picture, name: str) -> dict[str, str]:
        """Write a picture into images/, exactly, under a name that is free, and say so."""
        stem = Path(name).stem[:60]
        paths = (images.FOLDER / f"{stem}{f'-{n}' if n > 1 else ''}.png" for n in range(1, 1000))
        path = images.save(picture, next(path for path in paths if not path.exists()))
        lost = " It will be lost when this session ends, so right-click the picture and save it, too."
        words = f"Saved as images/{path.name}.{lost * (os.environ.get('TRICKNET_KEPT') == 'no')}"
        return {"kept": path.stem, "words": words}


def _picture(content: bytes) -> Picture:
    return np.frombuffer(content, np.uint8).reshape(images.SIZE, images.SIZE, 3)
