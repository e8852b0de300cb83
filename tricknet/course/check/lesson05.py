"""Lesson 5, Why it works on a network: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.arrays import Numbers
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import kind, network, number
from tricknet.networks.classifier import Classifier

PANDA = 388
STEP = 0.2  # along the signs; exercise 2 looks for coin tosses that do as much
CLOSE = 2.0  # how near in log-odds that has to be: at such sizes the tosses themselves differ by 1 or 2


@exercise(
    "5.1",
    start="The promise is 0.1 × the sum of the absolute slopes; the measurement is the rise of the loss after "
    "`picture + 0.1 * np.sign(gradient)`. Where is the sigmoid not flat? Give `check` the photograph's name.",
)
def _(name: object) -> str:
    if not isinstance(name, str):
        raise Hint(f"The answer should be a photograph's name, such as 'panda'; it is {kind(name)}.")
    try:
        picture = images.load(name).astype(np.float32)
    except (KeyError, FileNotFoundError):
        raise Hint(f"There is no photograph {name!r}. `images.EVIDENCE` and `images.examples()` list names.") from None
    model = network()
    prediction, gradient = model.predict_and_gradient(picture, int(model.predict(picture).probabilities.argmax()))
    label, _, p = prediction.top(1)[0]
    before, after = (_loss(model, x, label) for x in (picture, picture - 0.1 * np.sign(gradient)))
    ratio = (after - before) / (0.1 * np.abs(gradient).sum())
    if not 0.9 < ratio < 1.1:
        raise Hint(
            f"The network gives this picture's class {p:.1%}, and the loss rises by {ratio:.2f} times the promise. "
            "Try a picture that the network is less certain about."
        )
    return f"p is {p:.0%}, where the sigmoid is not flat, and the loss rises by {ratio:.2f} times what was promised"


@exercise(
    "5.2",
    start="Add `size * c` to the panda for each `c` in `coins`, and look for the size at which the log-odds fall as "
    "far as at a step of 0.2 in `log_odds(along)`. Try sizes that grow quickly. Give `check` the size.",
)
def _(size: object) -> str:
    size = number(size)
    model, panda = network(), images.load("panda").astype(np.float32)
    goal = _lead(model, panda - STEP * np.sign(model.gradient(panda, PANDA)), PANDA)
    random = np.random.default_rng(5)  # tosses of our own: a right answer holds for those too
    tosses = [random.choice([-1.0, 1.0], size=panda.shape) for _ in range(5)]
    found = float(np.mean([_lead(model, panda + size * toss, PANDA) for toss in tosses]))
    said = f"with five coin tosses of {size:g} the log-odds are {found:.1f} on average"
    if abs(found - goal) > CLOSE:
        raise Hint(f"{said[0].upper()}{said[1:]}, and a step of {STEP} along the signs leaves {goal:.1f}.")
    return f"{said}, and a step of {STEP} along the signs leaves {goal:.1f}"


@exercise(
    "5.3",
    start="Divide the gradient of the loss by its length, `np.linalg.norm`, multiply it by the length of "
    "`0.1 * np.sign(gradient)`, and give `check` the result: what is added to the panda.",
)
def _(change: object) -> str:
    model, panda = network(), images.load("panda").astype(np.float32)
    if not isinstance(change, np.ndarray) or change.shape != panda.shape or change.dtype.kind not in "fiu":
        raise Hint(f"The answer should be an array of {panda.shape}, what is added to the panda; it is {kind(change)}.")
    signs = -0.1 * np.sign(model.gradient(panda, PANDA))
    length, limit = float(np.linalg.norm(change)), float(np.linalg.norm(signs))
    if length > 1.001 * limit:
        raise Hint(f"This change is {length:.1f} long, and the signs' step of 0.1 is {limit:.1f}. Shorten it.")
    ours, theirs = (_lead(model, panda + x, PANDA) for x in (change, signs))
    largest = float(np.abs(change).max())
    if not ours < theirs:
        raise Hint(f"It leaves a lead of {ours:.1f} in log-odds, and the signs leave {theirs:.1f}: it should be less.")
    return (
        f"at a length of {length:.1f} it leaves a lead of {ours:.1f} where the signs leave {theirs:.1f}; "
        f"but its largest value is {largest:.1f}, and theirs is 0.1"
    )


def _loss(model: Classifier, picture: Numbers, label: int) -> float:
    """−log p of a class, in 64 bits: probabilities in 32 bits have lost the last digits of a p that is nearly 1."""
    return -model.value(picture, label)


def _lead(model: Classifier, picture: Numbers, label: int) -> float:
    """The log-odds of a class: its lead over all others together."""
    return float(-np.log(np.expm1(_loss(model, picture, label))))
