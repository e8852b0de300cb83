"""Lesson 5, Why it works on a network: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.arrays import Numbers
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, network, number, several, top
from tricknet.networks.classifier import Classifier

__all__ = ["check"]

PANDA = 388
PANDA_LEFT = 0.45  # what exercise 1 wants less of: three equal steps leave about a half
STEP = 0.2  # along the signs; exercise 2 looks for coin tosses that do as much
CLOSE = 0.5  # how near that has to be, as a share of what the step costs: the tosses themselves differ by a third


@exercise(
    "5.1",
    start="Write the loop of `ask` with a size for each step. Is it better to begin with a short step or a long one? "
    "Give `check` the three sizes.",
    recipe="Begin with `x = panda.copy()`, and for each size do `x = x - size * np.sign(gradient(x, PANDA))`. Try a "
    "first step of 0.2 and several second ones; the third is what is left of 1.",
)
def _(sizes: object) -> str:
    listed = sizes.tolist() if isinstance(sizes, np.ndarray) else sizes
    three = [number(size, "Each size") for size in several(listed, 3, "sizes")]
    if min(three) < 0 or sum(three) > 1 + 1e-6:
        raise Hint(f"No size may be below 0, and together they may be at most 1; yours add up to {sum(three):g}.")
    model = network()
    x: Numbers = images.load("panda").astype(np.float32)
    for size in three:
        x = x - size * np.sign(model.gradient(x, PANDA))
    said = model.predict(np.clip(np.rint(x), 0, 255).astype(np.uint8))
    if said[PANDA] >= PANDA_LEFT:
        raise Hint(f"Your steps leave a giant panda of {said[PANDA]:.1%}. It should be below {PANDA_LEFT:.0%}.")
    return f"your three steps leave a giant panda of {said[PANDA]:.1%}, and the network says {top(said)}"


@exercise(
    "5.2",
    start="How far does a step of 0.2 lower the lead of the likeliest class? Then look for coin tosses that do as "
    "much. Give `check` the name and the size.",
    recipe="`goal = lead(picture - 0.2 * np.sign(gradient(picture, label)), label)`; compare it with "
    "`lead(picture + size * coins[0], label)` for sizes of 1, 3, 6, 9, 12 and 20, and go on between the nearest two.",
)
def _(name: object, size: object) -> str:
    picture, size = _photograph(name), number(size)
    model = network()
    label = int(model.predict(picture).probabilities.argmax())
    before = _lead(model, picture, label)
    goal = _lead(model, picture - STEP * np.sign(model.gradient(picture, label)), label)
    random = np.random.default_rng(5)  # tosses of our own: a right answer holds for those too
    tosses = [random.choice([-1.0, 1.0], size=picture.shape) for _ in range(5)]
    found = float(np.mean([_lead(model, picture + size * toss, label) for toss in tosses]))
    said = f"five coin tosses of {size:g} leave a lead of {found:.1f} on average"
    if abs(found - goal) > CLOSE * (before - goal):
        raise Hint(f"{said[0].upper()}{said[1:]}, but a step of {STEP} along the signs leaves {goal:.1f}.")
    return f"{said}, and a step of {STEP} along the signs leaves {goal:.1f}: {size / STEP:.0f} times as far"


@exercise(
    "5.3",
    start="A step along the gradient is the gradient times some number. Which number makes it as long as "
    "`0.1 * np.sign(slopes)`, and which sign must it have? Give `check` what is added to the panda.",
    recipe="`-0.1 * np.linalg.norm(np.sign(slopes)) * slopes / np.linalg.norm(slopes)`.",
)
def _(change: object) -> str:
    model, panda = network(), images.load("panda").astype(np.float32)
    if not isinstance(change, np.ndarray) or change.shape != panda.shape or change.dtype.kind not in "fiu":
        raise Hint(f"The answer should be an array of {panda.shape}, what is added to the panda; it is {kind(change)}.")
    signs = -0.1 * np.sign(model.gradient(panda, PANDA))
    length, limit = float(np.linalg.norm(change)), float(np.linalg.norm(signs))
    if length > 1.001 * limit:
        raise Hint(f"This change is {length:.1f} long, but the signs' step of 0.1 is {limit:.1f}. Shorten it.")
    ours, theirs = (_lead(model, panda + x, PANDA) for x in (change, signs))
    largest = float(np.abs(change).max())
    if not ours < theirs:
        raise Hint(f"It leaves a lead of {ours:.1f}, but the signs leave {theirs:.1f}: it should be less.")
    return (
        f"at a length of {length:.1f} it leaves a lead of {ours:.1f} where the signs leave {theirs:.1f}; "
        f"but its largest value is {largest:.1f}, and theirs is 0.1"
    )


def _photograph(name: object) -> Numbers:
    """The photograph of that name, or a Hint."""
    if not isinstance(name, str):
        raise Hint(f"The answer should be a photograph's name, such as 'panda'; it is {kind(name)}.")
    try:
        return images.load(name).astype(np.float32)
    except (KeyError, FileNotFoundError, images.NotAPictureError):
        raise Hint(f"There is no photograph {name!r}. `images.EVIDENCE` and `images.examples()` list names.") from None


def _lead(model: Classifier, picture: Numbers, label: int) -> float:
    """The log-odds of a class: its lead over all others together.

    From log p, in 64 bits: a probability in 32 bits has lost the last digits of a p that is nearly 1.
    """
    return float(-np.log(np.expm1(-model.value(picture, label))))
