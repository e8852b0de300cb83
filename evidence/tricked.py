"""Plain and sturdy tricks made of photographs, and what a network sees in them: for lessons 8 and 9."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import cycle

import numpy as np
from scipy.ndimage import uniform_filter1d

from evidence.cases import Case
from tricknet import Classifier, trick
from tricknet.arrays import Picture, Pictures
from tricknet.attacks import gradients, transforms
from tricknet.attacks.steps import walk
from tricknet.counting import Row
from tricknet.networks.classifier import first_answers

COPIES = 2  # of the steps on the mean
DRAWS: dict[str, Callable[[np.random.Generator], transforms.Transform]] = {  # what sturdy tricks are made through
    "sturdy": transforms.camera,
    "uncropped": partial(transforms.camera, crop=0),
}
MOVES = {"gaps filled": range(4), "gaps left": (0, 8, 16, 24)}  # to the right, of which each step takes the mean


def make_pictures(model: Classifier, some: Sequence[Case], seed: int, how: str, epsilon: float, steps: int) -> Pictures:
    """The photographs of some cases, or tricks made from them: plain, smoothed sideways, as in DRAWS, or for MOVES."""
    if how == "plain":
        return np.stack([trick(model, c.picture, c.target, epsilon=epsilon, steps=steps).after for c in some])
    photographs = np.stack([case.picture for case in some])
    if how == "photograph":
        return photographs
    targets, moves = [case.target for case in some], MOVES.get(how, ())
    if how == "smoothed":
        slope = gradients.averaged(model, targets, copies=1, draw=lambda _: transforms.moving(0))
        return walk(photographs, lambda x: uniform_filter1d(slope(x), 4, axis=2), epsilon=epsilon, steps=steps)
    views = cycle(map(transforms.moving, moves))
    draw = (lambda _: next(views)) if moves else DRAWS[how]
    gradient_of = gradients.averaged(model, targets, copies=len(moves) or COPIES, seed=seed, draw=draw)
    return walk(photographs, gradient_of, epsilon=epsilon, steps=steps)


def see(model: Classifier, case: Case, pictures: Mapping[str, Picture]) -> Row:
    """Under the name of each picture, what the network sees: the target, the first answer or something else."""
    words, answers = {case.target: "target", case.first: "first"}, first_answers(model, pictures.values())
    return {name: words.get(answer, "other") for name, answer in zip(pictures, answers, strict=True)}
