"""How near does `boundary` get to a picture, for as many questions as HopSkipJump?

    python -m lessons.other_eyes.nearer [--only boundary]

Each of the first ten photographs of HELD_OUT is walked towards from the next one, which is in its class, as the network
says: only first answers of GoogLeNet count, and the walk wants the start's. `boundary` shows whole numbers. HopSkipJump
(Chen and others 2020; foolbox's, with its defaults) shows fractions, of which it needs very small ones. A row of
tables/nearer.csv says how far the nearest picture with the wanted answer was after so many questions: L2, in
pixel values.

Needs what benchmarks/peers.py needs for HopSkipJump.
"""

import argparse
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
from tricknet.cases import Row, measure
from tricknet.networks.classifier import Classifier
from tricknet.networks.googlenet import GoogLeNet

MANY = 10  # photographs: the first of HELD_OUT, chosen before anything was measured
QUESTIONS = (500, 2000)

# (model, picture, start, class wanted, questions) -> how far the nearest picture is in the end
Walk = Callable[[Classifier, Picture, Picture, int, int], float]


class Setting(NamedTuple):
    """What a row was measured with."""

    questions: int
    method: str
    picture: str
    start: str


class _Spent(Exception):  # noqa: N818 - it is no error
    """There are no questions left."""


def main() -> None:
    """Measure the walks that are missing in the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, nargs="+", default=QUESTIONS, help="(default: 500 2000)")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="walks that hold one of these words")
    options = parser.parse_args()
    model, pairs = GoogLeNet(), list(itertools.pairwise(images.HELD_OUT[: MANY + 1]))
    walks = [name for name in WALKS if any(word in name for word in options.only)]
    chosen = [Setting(many, name, *pair) for many in options.questions for pair in pairs for name in walks]

    def run(setting: Setting) -> list[Row]:
        picture, start = images.load(setting.picture), images.load(setting.start)
        wanted = model.predict(start).best.index
        far = WALKS[setting.method](model, picture, start, wanted, setting.questions)
        return [{"wanted": wanted, "l2": round(far, 1)}]

    measure(table, "nearer", chosen, run)


def ours(model: Classifier, picture: Picture, start: Picture, wanted: int, questions: int) -> float:
    """`boundary`."""
    return distance(boundary(model, picture, wanted, start=start, queries=questions).after, picture)


def hop_skip_jump(model: Classifier, picture: Picture, start: Picture, wanted: int, questions: int) -> float:
    """foolbox's. The nearest picture that it showed counts, if the answer was the wanted one."""
    torch, foolbox = libraries("foolbox")
    far: list[float] = []

    def watch(shown: np.ndarray, said: np.ndarray) -> None:
        if len(far) == questions:
            raise _Spent
        ((one,), (answers,)) = shown, said
        far.append(distance(one, picture) if answers.argmax() == wanted else np.inf)

    asked = foolbox.PyTorchModel(network(model, watch=watch), bounds=(0, 1))
    begin = torch.tensor(start[None]).permute(0, 3, 1, 2) / 255
    attack, hit = foolbox.attacks.HopSkipJumpAttack(), foolbox.criteria.TargetedMisclassification
    with suppress(_Spent):
        on_pictures(lambda x, t: attack.run(asked, x, hit(t), starting_points=begin), picture[None], [wanted])
    return min(far)


WALKS: dict[str, Walk] = {"tricknet boundary": ours, "foolbox HopSkipJump": hop_skip_jump}


if __name__ == "__main__":
    main()
