"""Lesson 14, A better network: the checks of its exercises, and the ballot of the first."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from lessons.better import pair
from tricknet import fashion_mnist, plots
from tricknet.arrays import Numbers, Pictures
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import choice, kind, number, plural, several
from tricknet.networks.fashion import FashionNet
from tricknet.training import Trainee

__all__ = ["Ballot", "check"]

BOOT = 0  # the lesson's boot among the test pictures
EPSILON, LEAST, PICTURES = 16, 55, 100


class Ballot(NamedTuple):
    """Drawings of several networks in a random order, which nobody has labelled. Don't look inside!"""

    pictures: Pictures  # uint8, n x 28 x 28 x 1
    drawn_by: Sequence[str]
    targets: Sequence[int]

    @classmethod
    def of(cls, drawings: Mapping[str, Pictures], targets: Numbers, seed: int = 0) -> "Ballot":
        """Shuffles the drawings, each network's in the order of the targets (class indices)."""
        pictures, names = np.concatenate(list(drawings.values())), np.repeat(list(drawings), len(targets))
        order = np.random.default_rng(seed).permutation(len(pictures))
        return cls(pictures[order], names[order].tolist(), np.tile(targets, len(drawings))[order].tolist())

    def sheet(self) -> plots.Sheet:
        """The drawings with their numbers."""
        return plots.show(self.pictures, [str(i) for i in range(len(self.pictures))], enlarge=4, columns=6)


@exercise(
    "14.1",
    start="Give `check` the ballot, and a list with a name for each drawing, in order.",
    recipe='`names = ["bag", "trousers", …]`, then `check("14.1", ballot, names)`. `labels` has all ten.',
)
def _(ballot: object, names: object) -> str:
    if not isinstance(ballot, Ballot):
        raise Hint(f"Give the ballot first, and then the names; here is {kind(ballot)}.")
    labels = [label.lower() for label in FashionNet("robust").labels]
    words = [choice(name, labels, "A name") for name in several(names, len(ballot.targets), "names")]
    votes: dict[str, list[bool]] = {}
    for word, target, by in zip(words, ballot.targets, ballot.drawn_by, strict=True):
        votes.setdefault(by, []).append(word == labels[target])
    seen = [f"{sum(hits)} of {len(hits)} drawings of the network trained {by}" for by, hits in sorted(votes.items())]
    return f"you saw the target in {plural(seen)}; a guess hits one in ten"


@exercise(
    "14.2",
    start="The lesson's network had 120 batches and an epsilon of 25. What do more batches do? And another epsilon? "
    "Give the network to `check`.",
    recipe='`network, _ = train(25, batches=400)`, then `check("14.2", network)`.',
)
def _(answer: object) -> str:
    if not isinstance(answer, Trainee):
        raise Hint(f"The answer should be the network that `train` returns first; it is {kind(answer)}.")
    every, its_answers = fashion_mnist.test_set()
    pictures, answers = every[:PICTURES], its_answers[:PICTURES]
    clean = answer.right(pictures, answers).sum()
    survive = pair.which_survive(answer.classifier(), pictures, answers, EPSILON).sum()
    found = f"of {PICTURES} test pictures, {survive} survive an epsilon of {EPSILON}, and {clean} are right without one"
    if survive < LEAST:
        raise Hint(f"{found[0].upper()}{found[1:]}. The aim is {LEAST}: was it attacked in training too?")
    return found


@exercise(
    "14.3",
    start="Halve the interval: at 0 degrees it is a boot, and at -8 it isn't. And what of the other direction?",
    recipe="`ndimage.rotate(boot, degrees, reshape=False, order=1)` for `degrees` from 0.1 to 8 in steps of 0.1, and "
    "for the same angles below 0, until `robust` no longer says ankle boot.",
)
def _(degrees: object) -> str:
    turn = round(number(degrees, "The degrees"), 1)
    if abs(turn) > 30:
        raise Hint(f"{turn:g} degrees is too far: use an angle from -30 to 30.")
    boot, smaller = fashion_mnist.test_set()[0][BOOT], np.arange(1, round(abs(turn) * 10)) / 10
    turned = [ndimage.rotate(boot, each, reshape=False, order=1) for each in (*smaller, *-smaller, turn)]
    *before, name = [prediction.best.name for prediction in FashionNet("robust").predict(turned)]
    if name == "ankle boot":
        raise Hint(f'Turned by {turn:g} degrees, the boot is still "{name}". Go further, or the other way.')
    if set(before) - {"ankle boot"}:
        raise Hint(f'Turned by {turn:g} degrees, the boot is "{name}". But a smaller angle, in tenths, is enough.')
    return f'turned by {turn:g} degrees, the boot is "{name}" to the robust network, and by less it is not'
