"""Lesson 5, Why it works on a network: the checks of its exercises."""

from collections.abc import Iterable
from functools import cache

import numpy as np

from lessons.why_it_works.switches import Switches, lead
from tricknet import images
from tricknet.arrays import Numbers, rounded
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, perturbation

QUIET = 0.25  # how many ReLUs may flip, as a share of what coin tosses flip
ALL = 0.95  # of the values must move: the photograph has some that are black or white already
FREE = 7  # layers of 70


@exercise(
    "5.1",
    start="A unit in the first layer compares places: it looks for edges, stripes and patches of colour, some pixels "
    "wide. Which patterns hold nothing of that kind? Give `check` the changed picture.",
    recipe="One shade brighter, everywhere: `rounded(panda + 1.0)`. (`panda + 1` would turn 255 into 0.)",
)
def _(answer: object) -> str:
    photograph = images.load("panda")
    change = perturbation(answer, photograph, limit=1)
    moved = float((change.after != photograph).mean())
    if moved < ALL:
        raise Hint(f"Only {moved:.0%} of the values have moved. All of them should move by 1, unless they can't.")
    coins = np.random.default_rng(5).choice([-1, 1], photograph.shape)
    flips, tossed = (_flips(after) for after in (change.after, rounded(photograph + coins)))
    words = f"{flips:,} ReLUs flip, and coin tosses flip {tossed:,}"
    if flips > QUIET * tossed:
        raise Hint(f"{words}. Yours should flip fewer than a quarter as many.")
    return f"only {words}"


@exercise(
    "5.2",
    start="`frozen = [name for name in relus + pools if name not in free]` freezes all the others. How much of the "
    "bend does `switches.scores(stepped, frozen)` leave? Give `check` the list `free`.",
    recipe="Each inception module has seven such layers, whose names begin alike: "
    "`free = [name for name in relus + pools if name.startswith('inception_3a/')]`. Try the others.",
)
def _(free: Iterable[object]) -> str:
    switches, layers = _switches(), [*_switches().relus, *_switches().pools]
    if isinstance(free, str):
        raise Hint(f"The answer should be a list of layers' names, such as {layers[:2]}; it is a string.")
    names = {str(name) for name in free}
    if unknown := names - set(layers):
        raise Hint(f"These are not layers with switches: {', '.join(unknown)}. `relus + pools` lists them.")
    if len(names) > FREE:
        raise Hint(f"You gave {len(names)} layers, but at most {FREE} may be free.")
    photograph = images.load("panda")
    first, second = (answer.index for answer in network().predict(photograph).top(2))
    stepped = rounded(photograph - np.sign(network().gradient(photograph, lead(first))))
    ends = (switches.scores(stepped, frozen) for frozen in (layers, set(layers) - names, ()))
    straight, left, measured = (scores[first] - scores[second] for scores in ends)
    share = (left - straight) / (measured - straight)
    if share <= 0.5:
        raise Hint(f"With these layers free, {share:.0%} of the bend is left. It should be more than half.")
    return f"{len(names)} layers of {len(layers)} are enough for {share:.0%} of the bend"


@cache
def _switches() -> Switches:
    return Switches(network(), images.load("panda"))


def _flips(picture: Numbers) -> int:
    """How many ReLUs another picture sets differently from the panda."""
    flipped = _switches().flipped(picture)
    return sum(int(flipped[name].sum()) for name in _switches().relus)
