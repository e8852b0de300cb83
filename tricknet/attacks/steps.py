"""The steps: a picture is moved along a gradient, in a box, by one of several methods.

The picture that is shown holds whole numbers 0..255 at every step, so what is tricked here stays tricked when it is
saved.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
from tqdm.auto import tqdm

from tricknet.arrays import Floats, Numbers, Pictures
from tricknet.networks.classifier import Classifier, Prediction, Wanted

TINY = np.float32(np.finfo(np.float32).tiny)  # in place of 0, so that a gradient of nothing but 0 is a step of 0


def _sign(gradient: Floats, velocity: Floats, step: int) -> Floats:
    """Every value by the same amount, up or down: I-FGSM (Kurakin et al. 2016)."""
    direction: Floats = np.sign(gradient)
    return direction


def _gradient(gradient: Floats, velocity: Floats, step: int) -> Floats:
    """Along the gradient itself: the values that matter most move most."""
    largest = np.abs(gradient).max(axis=(1, 2, 3), keepdims=True)
    return (gradient / np.maximum(largest, TINY)).astype(np.float32)


def _momentum(gradient: Floats, velocity: Floats, step: int) -> Floats:
    """The sign of a weighted mean of all gradients so far, at four times the step size.

    Dong et al. (2018) add up all gradients, or let the old ones decay by a fixed factor. Here the n-th gradient has
    the weight n cubed: the first ones, from a picture long left behind, soon count for little.
    """
    velocity *= (step / (step + 1)) ** 3
    velocity += gradient / np.maximum(np.abs(gradient).mean(axis=(1, 2, 3), keepdims=True), TINY)
    direction: Floats = 4 * np.sign(velocity)
    return direction


def _calm(gradient: Floats, velocity: Floats, step: int) -> Floats:
    """The sign of a sum of all gradients so far that loses a quarter of itself at each step, at twice the step size.

    This is the momentum of Dong et al. (2018) with their decay factor at 0.75. The target's probability rises with
    hardly a setback, which suits a story. docs/benchmarks.md compares the methods.
    """
    velocity *= 0.75
    velocity += gradient / np.maximum(np.abs(gradient).mean(axis=(1, 2, 3), keepdims=True), TINY)
    direction: Floats = 2 * np.sign(velocity)
    return direction


METHODS = {"momentum": _momentum, "sign": _sign, "gradient": _gradient, "calm": _calm}


def _linear(done: float) -> float:
    """The size of a step, from 1 to 0, after this share of all steps: it shrinks in equal parts."""
    return 1 - done


def cosine(done: float) -> float:
    """The same along half a cosine: it stays large for longer, and then small for longer."""
    return (1 + math.cos(math.pi * done)) / 2


SIZES = dict.fromkeys(METHODS, _linear) | {"calm": cosine}


class Ascent:
    """Pictures on their way uphill, in a box: never outside 0..255, nor further than epsilon from the start.

    pictures: uint8, n x height x width x 3. epsilon: in pixel values. steps: how many there will be. rate: the size
    from which the steps shrink, in pixel values; it is epsilon unless the box is too large for such steps. begin: where
    in the box they begin, such as a random place in it (default: at the pictures themselves).
    """

    def __init__(
        self,
        pictures: Pictures,
        *,
        epsilon: float,
        steps: int,
        method: str = "momentum",
        rate: float | None = None,
        begin: Numbers | None = None,
    ):
        if method not in METHODS:
            raise ValueError(f"There is no method {method!r}. There are: {', '.join(METHODS)}.")
        start = pictures.astype(np.float32)
        epsilon = min(epsilon, 255)  # that is no limit at all, and infinity times 0 would be no number
        self._low = np.maximum(start - np.floor(epsilon), 0)
        self._high = np.minimum(start + np.floor(epsilon), 255)
        self._x = start if begin is None else np.clip(begin, self._low, self._high).astype(np.float32)
        self._velocity = np.zeros_like(start)
        self._rate, self._step, self.steps = epsilon if rate is None else rate, 0, steps
        self._direction, self._size = METHODS[method], SIZES[method]

    @property
    def shown(self) -> Pictures:
        """Where they are now, in whole numbers (uint8). Inside, fractions are kept, so that small steps add up."""
        return np.rint(self._x).astype(np.uint8)

    def step(self, gradient: Floats) -> None:
        """Go one step along a gradient of the pictures' shape: large steps first, small ones to settle."""
        size = self._rate * self._size(self._step / self.steps)
        direction = self._direction(gradient, self._velocity, self._step)
        self._x = np.clip(self._x + size * direction, self._low, self._high)
        self._step += 1


def ascend[Answer](
    ascent: Ascent, ask: Callable[[Pictures], tuple[Answer, Floats]]
) -> Iterator[tuple[Pictures, Answer]]:
    """Take all steps of an ascent, and yield (pictures, answer) before each.

    ask: takes the pictures (uint8, n x height x width x 3) and gives any answer, and the gradient to step along.
    """
    for _ in range(ascent.steps):
        shown = ascent.shown
        answer, gradient = ask(shown)
        yield shown, answer
        ascent.step(gradient)


def climb(
    model: Classifier, pictures: Pictures, objectives: Wanted, *, epsilon: float, steps: int, method: str = "momentum"
) -> Iterator[tuple[Pictures, list[Prediction]]]:
    """Yield (pictures, predictions) before the first step and after each of `steps`.

    objectives: one for all pictures, or a list with one per picture. Each step is one forward and one backward pass;
    the last picture costs one more forward pass.
    """
    ascent = Ascent(pictures, epsilon=epsilon, steps=steps, method=method)
    yield from ascend(ascent, lambda shown: model.predict_and_gradient(shown, objectives))
    yield ascent.shown, model.predict(ascent.shown)


def walk(
    pictures: Pictures,
    gradient_of: Callable[[Floats], Floats],
    *,
    epsilon: float,
    steps: int = 30,
    method: str = "momentum",
    rate: float | None = None,
) -> Pictures:
    """The steps of `trick` along any gradient, such as a mean over random changes or a sum over several networks.

    pictures: uint8, n x height x width x 3. epsilon: the most that any value may move, in pixel values.
    gradient_of: takes the pictures in whole numbers (float32) and gives an array of their shape to climb along.
    rate: the size of a step, as for `Ascent` (default: epsilon).
    Ctrl-C ends early. Returns the pictures it ends at, uint8.
    """
    ascent = Ascent(pictures, epsilon=epsilon, steps=steps, method=method, rate=rate)
    taken = ascend(ascent, lambda shown: (None, gradient_of(shown.astype(np.float32))))
    with suppress(KeyboardInterrupt):  # as in `trick`: what was reached is kept
        for _ in tqdm(taken, total=steps, desc="steps", leave=False, delay=1):
            pass
    return ascent.shown
