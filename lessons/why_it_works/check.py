"""Lesson 5, Why it works on a network: the checks of its exercises."""

from collections.abc import Iterable

import numpy as np

from lessons.why_it_works.switches import Switches, lead, lead_of
from tricknet import images
from tricknet.arrays import Picture, rounded
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, number

FREE = 7  # layers of 70
CLOSE = 0.25  # how near the noise has to come, as a share of what the step costs: tosses differ among themselves


@exercise(
    "5.1",
    start="`frozen = [name for name in relus + pools if name not in free]` freezes all the others. How much of the "
    "bend does `switches.scores(stepped, frozen)` leave? Give `check` the list `free`.",
    recipe="Each inception module has seven such layers, whose names begin alike: "
    "`free = [name for name in relus + pools if name.startswith('inception_3a/')]`. Try the others.",
)
def _(free: Iterable[object]) -> str:
    label, stepped, measured = _step("panda")
    switches = Switches(network(), images.load("panda"))
    layers = [*switches.relus, *switches.pools]
    if isinstance(free, str):
        raise Hint(f"The answer should be a list of layers' names, such as {layers[:2]}; it is a string.")
    names = {str(name) for name in free}
    if unknown := names - set(layers):
        raise Hint(f"These are not layers with switches: {', '.join(unknown)}. `relus + pools` lists them.")
    if len(names) > FREE:
        raise Hint(f"These are {len(names)} layers. At most {FREE} may be free.")
    straight = lead_of(switches.straight(stepped), label)
    left = lead_of(switches.scores(stepped, set(layers) - names), label)
    share = (left - straight) / (measured - straight)
    if share <= 0.5:
        raise Hint(f"With these layers free, {share:.0%} of the bend is left. It should be more than half.")
    return f"{len(names)} layers of {len(layers)} are enough for {share:.0%} of the bend"


@exercise(
    "5.2",
    start="What lead does a step of 1 leave? Then look for coin tosses that leave as much, rounded and clipped. Give "
    "`check` the photograph's name and the size.",
    recipe="Aim for the lead of `rounded(picture - np.sign(model.gradient(picture, lead(label))))`. Compare it to "
    "that of `rounded(picture + size * coins[0])` for sizes of 5, 10, 20, 40, 80 and 160, and go on between the "
    "nearest two.",
)
def _(name: str, size: object) -> str:
    picture, size = _photograph(name), number(size)
    label, _, goal = _step(name)
    objective = lead(label)
    before = network().value(picture, objective)
    random = np.random.default_rng(5)  # tosses of our own: a right answer holds for those too
    tosses = [random.choice([-1.0, 1.0], size=picture.shape) for _ in range(5)]
    left = float(np.mean([network().value(rounded(picture + size * toss), objective) for toss in tosses]))
    words = f"five coin tosses of {size:g} leave a lead of {left:.1f} on average"
    if abs(left - goal) > CLOSE * (before - goal):
        raise Hint(f"{words[0].upper()}{words[1:]}, but a step of 1 along the signs leaves {goal:.1f}.")
    return f"{words}, and a step of 1 along the signs leaves {goal:.1f}"


@exercise(
    "5.3",
    start="Try the photographs of `images.EVIDENCE`: which still has its first answer after a step of 1? Give `check` "
    "one of their names.",
    recipe="For each name, `picture = images.load(name)`, `label = model.predict(picture).best.index`, then a step "
    "away: `rounded(picture - np.sign(model.gradient(picture, lead(label))))`.",
)
def _(name: str) -> str:
    picture = _photograph(name)
    if name == "panda":
        raise Hint("The panda is the one that you know. Find another.")
    label, stepped, measured = _step(name)
    after = network().predict(stepped)
    if after.best.index != label:
        raise Hint(f'After one step of 1 its first answer is "{after.best.name}" ({after.best.probability:.1%}).')
    before = network().value(picture, lead(label))
    return f'its first answer is still "{after.best.name}": the lead was {before:.1f}, and {measured:.1f} is left'


def _photograph(name: str) -> Picture:
    """The photograph of that name, or a Hint."""
    try:
        return images.load(name)
    except (KeyError, FileNotFoundError, images.NotAPictureError):
        raise Hint(f"There is no photograph {name!r}. `images.EVIDENCE` and `images.examples()` list names.") from None


def _step(name: str) -> tuple[int, Picture, float]:
    """Of a photograph: its class, the picture after a step of 1 away from that, and the lead that is left."""
    picture, model = _photograph(name), network()
    label = model.predict(picture).best.index
    stepped = rounded(picture - np.sign(model.gradient(picture, lead(label))))
    return label, stepped, model.value(stepped, lead(label))
