"""The steps: a picture is moved along a gradient, in a box, by one of several methods. And the loop that takes them.

The picture that is shown holds whole numbers 0..255 at every step, so what is tricked here stays tricked when it is
saved.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tricknet.arrays import Floats, Numbers, Pictures
from tricknet.attacks.attack import until_ctrl_c

TINY = np.float32(np.finfo(np.float32).tiny)  # in place of 0, so that a gradient of nothing but 0 is a step of 0

type Directed = tuple[Floats, Floats]  # where a step goes, and the velocity that the next one begins with


def linear(done: float) -> float:
    """From 1 to 0 in equal parts."""
    return 1 - done


def cosine(done: float) -> float:
    """From 1 to 0 along half a cosine: large for longer than `linear`, and then small for longer."""
    return (1 + math.cos(math.pi * done)) / 2


def constant(done: float) -> float:
    """Steps of constant size: always 1."""
    return 1


@dataclass(frozen=True)
class Method:
    """How steps follow from gradients.

    direction: takes the gradient, the velocity (float32, of the same shape; zeros at first) and the number of steps
    taken so far. Gives where the next step goes, no value further than 1, and the velocity for the step after it.
    reach: the length of the first step, in epsilons. size: takes the share of steps taken (from 0 up to 1) and gives
    the length of the next step, as a share of the first.
    """

    direction: Callable[[Floats, Floats, int], Directed]
    reach: float = 1
    size: Callable[[float], float] = linear


def _sign(gradient: Floats, velocity: Floats, step: int) -> Directed:
    """Every value by the same amount, up or down: I-FGSM (Kurakin et al. 2016)."""
    return np.sign(gradient), velocity


def _gradient(gradient: Floats, velocity: Floats, step: int) -> Directed:
    """Along the gradient itself: the values that matter most move most."""
    largest = np.abs(gradient).max(axis=(-3, -2, -1), keepdims=True)
    return (gradient / np.maximum(largest, TINY)).astype(np.float32), velocity


def _momentum(gradient: Floats, velocity: Floats, step: int) -> Directed:
    """The sign of a weighted mean of all gradients so far.

    Dong et al. (2018) add up all gradients, or let the old ones decay by a fixed factor. Here the n-th gradient has
    the weight n cubed: the first ones, from a picture long left behind, soon count for little.
    """
    velocity = (step / (step + 1)) ** 3 * velocity + _evened(gradient)
    return np.sign(velocity), velocity


def fading(decay: float) -> Callable[[Floats, Floats, int], Directed]:
    """The sign of a sum of all gradients so far, of which each step keeps the share `decay`: Dong et al. (2018)."""

    def direction(gradient: Floats, velocity: Floats, step: int) -> Directed:
        velocity = decay * velocity + _evened(gradient)
        return np.sign(velocity), velocity

    return direction


def _evened(gradient: Floats) -> Floats:
    """Each gradient divided by its mean size, as Dong et al. (2018) do before they add them up."""
    return np.divide(gradient, np.maximum(np.abs(gradient).mean(axis=(-3, -2, -1), keepdims=True), TINY))


METHODS = {
    "momentum": Method(_momentum, reach=4),
    "sign": Method(_sign),
    "gradient": Method(_gradient),
    # The probability rises with hardly any setbacks, which suits a story. docs/benchmarks.md compares the methods.
    "calm": Method(fading(0.75), reach=2, size=cosine),
}


class Ascent:
    """Pictures on their way uphill, in a box: never outside 0..255, nor further than epsilon from the start.

    pictures: uint8, height x width x 3, or a batch of such. epsilon: in pixel values. steps: how many there will be.
    method: a Method, or its name in METHODS. begin: where in the box they begin, such as a random place in it (default:
    at the pictures themselves).
    """

    def __init__(
        self,
        pictures: Pictures,
        *,
        epsilon: float,
        steps: int,
        method: str | Method = "momentum",
        begin: Numbers | None = None,
    ):
        if isinstance(method, str) and method not in METHODS:
            raise ValueError(f"There is no method {method!r}. The methods are: {', '.join(METHODS)}.")
        self._method = METHODS[method] if isinstance(method, str) else method
        start = pictures.astype(np.float32)
        epsilon = min(epsilon, 255)  # more is not a limit, and infinity times 0 would not be a number
        reach = math.floor(epsilon)  # Python's number: NumPy's own would make float64 of the box, and of all in it
        self._low = np.maximum(start - reach, 0)
        self._high = np.minimum(start + reach, 255)
        self._x = start if begin is None else np.clip(begin, self._low, self._high).astype(np.float32)
        self._velocity = np.zeros_like(start)
        self._first = float(self._method.reach * epsilon)
        self.steps = steps

    @property
    def pictures(self) -> Pictures:
        """Where they are now, in whole numbers (uint8). Inside, fractions are kept, so that small steps add up."""
        return np.rint(self._x).astype(np.uint8)

    def further(self, shown: Pictures, gradient: Floats, taken: int) -> Pictures:
        """Go one step along a gradient of the pictures' shape, for `climb`."""
        direction, self._velocity = self._method.direction(gradient, self._velocity, taken)
        length = self._first * self._method.size(taken / self.steps)
        self._x = np.clip(self._x + length * direction, self._low, self._high)
        return self.pictures


def climb[X](
    shown: X,
    look: Callable[[X], tuple[Any, Any]],
    further: Callable[[X, Any, int], X],
    *,
    steps: int,
    last: Callable[[X], Any] = lambda shown: None,
) -> Iterator[tuple[X, Any]]:
    """The library's loop of attacks: yield what is shown and what is said of it, before the first step and after each.

    look: gives what is said of what is shown, and the gradient there. further: takes what is shown, the gradient and
    the steps so far, and gives what is shown next. last: what is said after the last step, without a gradient.
    """
    for taken in range(steps):
        said, gradient = look(shown)
        yield shown, said
        shown = further(shown, gradient, taken)
    yield shown, last(shown)


def walk(
    pictures: Pictures,
    gradient_of: Callable[[Floats], Floats],
    *,
    epsilon: float,
    steps: int = 30,
    method: str | Method = "momentum",
) -> Pictures:
    """The steps of `trick` along any gradient, such as a mean over random transforms or a sum over several networks.

    pictures: uint8, n x height x width x 3. epsilon: the most that any value may move, in pixel values.
    gradient_of: takes the pictures in whole numbers (float32) and gives an array of their shape to climb along.
    method: as for `Ascent`.
    Ctrl-C stops it early. Returns the pictures it ends at, uint8: it sees no answers, so it knows of no better ones.
    """
    ascent = Ascent(pictures, epsilon=epsilon, steps=steps, method=method)
    path = climb(pictures, lambda shown: (None, gradient_of(shown.astype(np.float32))), ascent.further, steps=steps)
    return until_ctrl_c((shown for shown, _ in path), pictures, most=1, total=steps + 1)[0]
