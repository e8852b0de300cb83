"""How near does `boundary` get to a picture, for as many questions as HopSkipJump?

`boundary` shows whole numbers. HopSkipJump (Chen and others 2020; foolbox's, with its defaults) shows fractions, of
which it needs very small ones. `benchmarks.peers` says what it needs besides.
"""

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from benchmarks.peers import libraries, network, on_pictures
from lessons.other_eyes import table
from tricknet import images
from tricknet.arrays import Picture
from tricknet.attacks.least import distance
from tricknet.attacks.queries import boundary
from tricknet.cases import measure
from tricknet.evidence import Row
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

MANY = 10  # photographs: the first of HELD_OUT, chosen before anything was measured
QUESTIONS = (500, 2000)

# (model, picture, start, target, questions) -> how far the nearest picture is in the end
Walk = Callable[[Classifier, Picture, Picture, int, int], float]


class Distance(NamedTuple):
    """What a row was measured with."""

    questions: int
    method: str
    picture: str
    start: str


class _Spent(Exception):  # noqa: N818 - it is no error
    """There are no questions left."""


def nearer() -> None:
    """Measure the walks that are missing in the table: towards each photograph from the next one."""
    model, pairs = GoogLeNet(), list(itertools.pairwise(images.HELD_OUT[: MANY + 1]))

    def run(setting: Distance) -> list[Row]:
        picture, start = images.load(setting.picture), images.load(setting.start)
        target = model.predict(start).best.index
        far = WALKS[setting.method](model, picture, start, target, setting.questions)
        return [{"target": target, "l2": round(far, 1)}]

    measure(
        table, "nearer", [Distance(many, name, *pair) for many in QUESTIONS for pair in pairs for name in WALKS], run
    )


def by_boundary(model: Classifier, picture: Picture, start: Picture, target: int, questions: int) -> float:
    """`boundary`."""
    return distance(boundary(model, picture, target, start=start, queries=questions).after, picture)


def hop_skip_jump(model: Classifier, picture: Picture, start: Picture, target: int, questions: int) -> float:
    """foolbox's. The nearest picture that it showed counts, if the answer was the target."""
    torch, foolbox = libraries("foolbox")
    far: list[float] = []

    def watch(pictures: np.ndarray, probabilities: np.ndarray) -> None:
        if len(far) == questions:
            raise _Spent
        ((one,), (answers,)) = pictures, probabilities
        far.append(distance(one, picture) if answers.argmax() == target else np.inf)

    asked = foolbox.PyTorchModel(network(model, watch=watch), bounds=(0, 1))
    begin = torch.tensor(start[None]).permute(0, 3, 1, 2) / 255
    attack, hit = foolbox.attacks.HopSkipJumpAttack(), foolbox.criteria.TargetedMisclassification
    with suppress(_Spent):
        on_pictures(lambda x, t: attack.run(asked, x, hit(t), starting_points=begin), picture[None], [target])
    return min(far)


WALKS: dict[str, Walk] = {"tricknet boundary": by_boundary, "foolbox HopSkipJump": hop_skip_jump}
