"""What the live figures show at first: their pictures, and the lessons' walks, which Caffe takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from lessons.better_network.drawings import of_equal_length
from tricknet import MEAN, fashion_mnist, images, trick
from tricknet.arrays import Picture, Pictures
from tricknet.networks.classifier import Classifier, Prediction
from web.pages.live_figures import DOG, GARMENTS, TOWEL

# A place of a slider: its pictures, and of each its file's name and what is said of it; and the height of each curve.
Place = tuple[list[Picture], dict[str, Any]]
EVERY = 4  # steps, from one place of lesson 14's slider to the next


def store(folder: Path, networks: dict[str, Classifier]) -> None:
    """Write all of it into a new folder: PNG files, and for each walk a table of its places."""
    folder.mkdir(exist_ok=True)
    googlenet, clothes = networks["GoogLeNet"], fashion_mnist.test_set()[0]
    pictures = {name: clothes[number] for name, number in GARMENTS.items()}
    walks = {lesson["name"]: list(tricked(googlenet, **lesson)) for lesson in (TOWEL, DOG)}
    both = {name: networks[f"FashionNet {name}"] for name in ("plain", "robust")}
    walks["fashion"] = list(drawn(both, clothes[[GARMENTS["sneaker"]]]))
    for name, places in walks.items():
        (folder / f"{name}.json").write_text(json.dumps([table for _, table in places]))
        for shown, table in places:
            pictures |= zip(table["files"], shown, strict=True)
    for name, picture in pictures.items():
        images.save(np.broadcast_to(picture, (*picture.shape[:2], 3)), folder / f"{name}.png")


def tricked(
    model: Classifier, name: str, photograph: str, epsilon: int, steps: int, classes: list[str], beside: str
) -> Iterator[Place]:
    """The photograph, it after each step, and the change, which is magnified."""
    start = images.load(photograph) if photograph else np.full((224, 224, 3), MEAN).astype(np.uint8)
    result, times = trick(model, start, classes[0], epsilon=epsilon, steps=steps), 127 // epsilon
    before, *_ = seen = [Prediction(row, model.labels) for row in result.history]
    for step, (frame, prediction) in enumerate(zip(result.frames, seen, strict=True)):
        change = (128 + times * (frame.astype(int) - start)).astype(np.uint8)
        heights = {label: float(prediction[label]) for label in (classes[0], beside)}
        files = [f"{name}-0", f"{name}-{step}", f"{name}-{step}-change"]
        captions = [f"before\n{before}", f"step {step}\n{prediction}", f"the change\n× {times}"]
        yield [start, frame, change], {"files": files, "captions": captions, "heights": heights}


def drawn(both: dict[str, Classifier], garment: Pictures) -> Iterator[Place]:
    """Lesson 14's first garment on its way to a bag, on both networks."""
    walks = [of_equal_length(model, garment, ["bag"])[::EVERY, 0] for model in both.values()]
    seen = [model.predict(list(walk)) for model, walk in zip(both.values(), walks, strict=True)]
    for place, predictions in enumerate(zip(*seen, strict=True)):
        said = dict(zip(both, predictions, strict=True))
        files = [f"fashion-{place}-{i}" for i in range(len(both))]
        captions = [f"{name}, step {EVERY * place}\n{prediction}" for name, prediction in said.items()]
        heights = {name: float(prediction["bag"]) for name, prediction in said.items()}
        yield [walk[place] for walk in walks], {"files": files, "captions": captions, "heights": heights}
