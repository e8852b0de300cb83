"""The steps: a picture is moved along the gradient until the network sees something else in it.

The picture that the network is shown holds whole numbers 0..255 at every step, so what is tricked here stays
tricked when it is saved.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from IPython.display import Image

from tricknet import images
from tricknet.arrays import Floats, Numbers, Picture, Pictures
from tricknet.networks.classifier import Classifier, Prediction, Wanted
from tricknet.networks.objectives import Class, Objective, Target
from tricknet.progress import bar

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
    yield from ascend(ascent, lambda shown: model.predict_all_and_gradients(shown, objectives))
    yield ascent.shown, model.predict_all(ascent.shown)


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
        for _ in bar(taken, total=steps, desc="steps"):
            pass
    return ascent.shown


def together(*gradients_of: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """For `walk`: the sum of several gradients, such as those of two networks (Liu et al. 2016).

    Each is divided by its mean size first, picture by picture, so that none drowns out the others.
    """

    def gradient_of(pictures: Floats) -> Floats:
        slopes = [gradient_of(pictures) for gradient_of in gradients_of]
        sizes = [np.abs(slope).mean(axis=(1, 2, 3), keepdims=True) for slope in slopes]
        return np.sum([slope / np.maximum(size, TINY) for slope, size in zip(slopes, sizes, strict=True)], axis=0)

    return gradient_of


@dataclass(frozen=True)
class Trick:
    """A picture on its way to another class.

    frames: uint8, (steps + 1) x 224 x 224 x 3, the picture before the first step and after each.
    history: float32, (steps + 1) x classes, what the network said about each frame.
    target: the indices of the classes that were climbed towards, or away from if `less_like`.
    """

    frames: Pictures
    history: Floats
    target: frozenset[int]
    epsilon: float
    less_like: bool
    model: Classifier

    @property
    def before(self) -> Picture:
        """The picture as it was: uint8, 224 x 224 x 3."""
        first: Picture = self.frames[0]
        return first

    @property
    def after(self) -> Picture:
        """The adversarial example: uint8, 224 x 224 x 3."""
        last: Picture = self.frames[-1]
        return last

    @property
    def change(self) -> npt.NDArray[np.int16]:
        """The perturbation, after minus before: int16, pixel values."""
        difference: npt.NDArray[np.int16] = self.after.astype(np.int16) - self.before
        return difference

    @property
    def said_before(self) -> Prediction:
        """What the network said at first."""
        return Prediction(self.history[0], self.model.labels)

    @property
    def said_after(self) -> Prediction:
        """What the network says about `after`."""
        return Prediction(self.history[-1], self.model.labels)

    @property
    def fooled(self) -> bool:
        """Is the top class now a target (or, if `less_like`, none of them any more)?"""
        return (self.said_after.top(1)[0][0] in self.target) != self.less_like

    def save(self, path: str | Path) -> Path:
        """Write `after` as PNG, every value as it is, and return the path."""
        return images.save(self.after, path)

    def plot(self) -> Image:
        """The probabilities over the steps, as a figure."""
        from tricknet import plots

        return plots.plot_steps(self)

    def animate(self, path: str | Path | None = None) -> Image:
        """Picture, change and probabilities over the steps, as an animation (written to `path` if given)."""
        from tricknet import plots

        return plots.animate(self, path)

    def __repr__(self) -> str:
        (_, old, p), (_, new, q) = self.said_before.top(1)[0], self.said_after.top(1)[0]
        moved = np.abs(self.change)
        return (
            f"{old} {p:.1%} → {new} {q:.1%} in {len(self.frames) - 1} steps; "
            f"no value moved by more than {moved.max()} out of 255, {moved.mean():.2f} on average"
        )


def trick(
    model: Classifier,
    picture: Picture,
    target: Target,
    *,
    epsilon: float = 2,
    steps: int = 30,
    method: str = "momentum",
    objective: Callable[[Target], Objective] = Class,
    less_like: bool = False,
    stop_at: float | None = None,
) -> Trick:
    """Change a picture, by no more than epsilon in any value, until the network takes it for the target.

    picture: uint8, 224 x 224 x 3. target: a class by index or name, or a set of classes that count as one.
    epsilon: the most that any value may move, in pixel values. steps: forward and backward passes.
    objective: what of the target is climbed: Class (its log-probability), Probability, Logit, Margin, or your own.
    less_like: go away from the target instead of towards it. stop_at: end as soon as the target's probability has
    risen (with less_like: fallen) to this.

    Ctrl-C ends early and gives what was reached. Raises ValueError for a picture that is not uint8, an epsilon or
    steps below 1, or an unknown method; LabelError (a KeyError) for an unknown name, with near ones.
    """
    (one,) = tricks(
        model,
        np.asarray(picture)[None],
        [target],
        epsilon=epsilon,
        steps=steps,
        method=method,
        objective=objective,
        less_like=less_like,
        stop_at=stop_at,
    )
    return one


def tricks(
    model: Classifier,
    pictures: Pictures,
    targets: Sequence[Target],
    *,
    epsilon: float = 2,
    steps: int = 30,
    method: str = "momentum",
    objective: Callable[[Target], Objective] = Class,
    less_like: bool = False,
    stop_at: float | None = None,
) -> list[Trick]:
    """`trick` for many pictures at once: n x 224 x 224 x 3, and a list with one target per picture.

    One picture (224 x 224 x 3) serves for all targets, and a list of one target serves for all pictures. With
    stop_at, all go on until every one has reached it.
    """
    pictures, targets = paired(np.asarray(pictures), list(targets))
    if not epsilon >= 1:  # so that NaN fails too
        raise ValueError("epsilon must be at least 1: a picture holds whole numbers, so no change is smaller.")
    if steps < 1:
        raise ValueError("steps must be at least 1.")
    sets = [model.find(target) for target in targets]
    objectives: list[Objective | Target] = [(-1 if less_like else 1) * objective(target) for target in targets]
    taken = climb(model, pictures, objectives, epsilon=epsilon, steps=steps, method=method)
    frames, history = [], []
    try:
        for shown, said in bar(taken, total=steps + 1, desc="steps"):
            frames.append(shown)
            history.append([s.probabilities for s in said])
            reached = [s.probabilities[sorted(t)].sum() for s, t in zip(said, sets, strict=True)]
            if stop_at is not None and (max(reached) <= stop_at if less_like else min(reached) >= stop_at):
                break
    except KeyboardInterrupt:
        if not history:
            raise
    del frames[len(history) :]  # an interrupt may come between the two appends
    return [
        Trick(np.stack([f[i] for f in frames]), np.stack([h[i] for h in history]), s, epsilon, less_like, model)
        for i, s in enumerate(sets)
    ]


def make_less_like(model: Classifier, picture: Picture, label: Target, **options: Any) -> Trick:
    """Push a picture away from a class, or from a set of them: `trick` with `less_like=True`."""
    return trick(model, picture, label, less_like=True, **options)


def paired(pictures: Pictures, targets: list[Target]) -> tuple[Pictures, list[Target]]:
    """As many pictures as targets. Raises ValueError if they cannot be paired, or if the pictures are not uint8."""
    if pictures.dtype != np.uint8:
        raise ValueError(f"A picture to trick holds whole numbers 0..255 (uint8); this holds {pictures.dtype}.")
    if not targets:
        raise ValueError("The list of targets is empty: give at least one.")
    if pictures.ndim == 3:
        pictures = np.stack([pictures] * len(targets))
    if len(targets) == 1:
        targets = targets * len(pictures)
    if len(targets) != len(pictures):
        raise ValueError(f"There are {len(pictures)} pictures and {len(targets)} targets: give one target per picture.")
    return pictures, targets
