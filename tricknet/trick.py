"""The steps: a picture is moved along the gradient until the network sees something else in it.

The picture that the network is shown holds whole numbers 0..255 at every step, so what is tricked here stays
tricked when it is saved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from tricknet import images
from tricknet.model import Classifier, Prediction

TINY = np.finfo(np.float32).tiny  # in place of 0, so that a gradient of nothing but 0 is a step of 0


def _sign(gradient: np.ndarray, velocity: np.ndarray, step: int) -> np.ndarray:
    """Every value by the same amount, up or down (Goodfellow et al. 2014, in many small steps)."""
    return np.sign(gradient)


def _gradient(gradient: np.ndarray, velocity: np.ndarray, step: int) -> np.ndarray:
    """Along the gradient itself: the values that matter most move most."""
    return gradient / np.maximum(np.abs(gradient).max(axis=(1, 2, 3), keepdims=True), TINY)


def _momentum(gradient: np.ndarray, velocity: np.ndarray, step: int) -> np.ndarray:
    """The sign of a mean of all gradients so far, four times as far, from wall to wall of the box.

    Dong et al. (2018) keep a fixed share of the past, so the direction never settles. Here the n-th gradient
    weighs n cubed: the first ones, from a picture long left behind, are soon forgotten, the later ones are not.
    """
    velocity *= (step / (step + 1)) ** 3
    velocity += gradient / np.maximum(np.abs(gradient).mean(axis=(1, 2, 3), keepdims=True), TINY)
    return 4 * np.sign(velocity)


METHODS = {"momentum": _momentum, "sign": _sign, "gradient": _gradient}


class Ascent:
    """Pictures on their way uphill, in a box: never outside 0..255, nor further than epsilon from the first.

    pictures: uint8, n x height x width x 3. epsilon: in pixel values. steps: how many there will be.
    """

    def __init__(self, pictures: np.ndarray, epsilon: float, steps: int, method: str = "momentum"):
        start = pictures.astype(np.float32)
        epsilon = min(epsilon, 255)  # that is no limit at all, and infinity times 0 would be no number
        self._low = np.maximum(start - np.floor(epsilon), 0)
        self._high = np.minimum(start + np.floor(epsilon), 255)
        self._x, self._velocity = start, np.zeros_like(start)
        self._epsilon, self._step, self._steps, self._direction = epsilon, 0, steps, METHODS[method]

    @property
    def shown(self) -> np.ndarray:
        """Where they are now, in whole numbers (uint8). Inside, fractions are kept, so that small steps add up."""
        return np.rint(self._x).astype(np.uint8)

    def step(self, gradient: np.ndarray) -> None:
        """Go one step along a gradient of the pictures' shape: large steps first, small ones to settle."""
        size = self._epsilon * (1 - self._step / self._steps)
        direction = self._direction(gradient, self._velocity, self._step)
        self._x = np.clip(self._x + size * direction, self._low, self._high)
        self._step += 1


def climb(
    model: Classifier,
    pictures: np.ndarray,
    targets: list,
    epsilon: float,
    steps: int,
    method: str,
    objective: str,
    downhill: bool = False,
) -> Iterator[tuple[np.ndarray, list[Prediction]]]:
    """Yield (pictures, predictions) before the first step and after each of `steps`.

    Each step is one forward and one backward pass; the last picture costs one more forward pass.
    """
    ascent = Ascent(pictures, epsilon, steps, method)
    for _ in range(steps):
        shown = ascent.shown
        predictions, gradient = model.predict_and_gradient(shown, targets, objective)
        yield shown, predictions
        ascent.step(-gradient if downhill else gradient)
    yield ascent.shown, model.predict(ascent.shown)


@dataclass(frozen=True)
class Trick:
    """A picture on its way to another class.

    frames: uint8, (steps + 1) x 224 x 224 x 3, the picture before the first step and after each.
    history: float32, (steps + 1) x classes, what the network said of each frame.
    target: the indices of the classes that were climbed towards, or away from if `less_like`.
    """

    frames: np.ndarray
    history: np.ndarray
    target: frozenset[int]
    epsilon: float
    less_like: bool
    model: Classifier

    @property
    def before(self) -> np.ndarray:
        """The picture as it was: uint8, 224 x 224 x 3."""
        return self.frames[0]

    @property
    def after(self) -> np.ndarray:
        """The adversarial example: uint8, 224 x 224 x 3."""
        return self.frames[-1]

    @property
    def change(self) -> np.ndarray:
        """The perturbation, after minus before: int16, pixel values."""
        return self.after.astype(np.int16) - self.before

    @property
    def said_before(self) -> Prediction:
        """What the network said at first."""
        return Prediction(self.history[0], self.model.labels)

    @property
    def said_after(self) -> Prediction:
        """What the network says of `after`."""
        return Prediction(self.history[-1], self.model.labels)

    @property
    def fooled(self) -> bool:
        """Is the top class now a target (or, if `less_like`, none of them any more)?"""
        return (self.said_after.top(1)[0][0] in self.target) != self.less_like

    def save(self, path) -> Path:
        """Write `after` as PNG, every value as it is, and return the path."""
        return images.save(self.after, path)

    def plot(self):
        """The probabilities over the steps, as a figure."""
        from tricknet import plots

        return plots.plot_steps(self)

    def animate(self, path=None):
        """Picture, change and probabilities over the steps, as an animated GIF (written to `path` if given)."""
        from tricknet import plots

        return plots.animate(self, path)

    def __repr__(self) -> str:
        (_, old, p), (_, new, q) = self.said_before.top(1)[0], self.said_after.top(1)[0]
        moved = np.abs(self.change)
        return (
            f"{old} {p:.1%} → {new} {q:.1%} in {len(self.frames) - 1} steps; "
            f"no value moved by more than {moved.max()} of 255, {moved.mean():.2f} on average"
        )


def trick(
    model: Classifier,
    picture: np.ndarray,
    target,
    epsilon: float = 2,
    steps: int = 30,
    method: str = "momentum",
    objective: str = "log-probability",
    less_like: bool = False,
    stop_at: float | None = None,
) -> Trick | list[Trick]:
    """Change a picture, by no more than epsilon in any value, until the network takes it for the target.

    picture: uint8, 224 x 224 x 3, or a batch of them. target: a class by index or name, a set of classes that
    count as one, or a list with one of those for each picture (or several for one picture).
    epsilon: the most that any value may move, in pixel values. steps: forward and backward passes.
    less_like: go away from the target instead of towards it. stop_at: end as soon as every target's
    probability has risen (with less_like: fallen) to this.

    Ctrl-C ends early and gives what was reached. Returns a Trick, or a list of them for a batch.
    Raises ValueError for a picture that is not uint8, an epsilon or steps below 1, or an unknown method or
    objective; LabelError (a KeyError) for an unknown name, with near ones.
    """
    pictures, targets, single = _batch(picture, target)
    if not epsilon >= 1:  # so that NaN fails too
        raise ValueError("epsilon must be at least 1: a picture holds whole numbers, so no change is smaller.")
    if steps < 1:
        raise ValueError("steps must be at least 1.")
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}. There are: {', '.join(METHODS)}.")
    sets = [model.find(t) for t in targets]
    frames, history = [], []
    walk = climb(model, pictures, targets, epsilon, steps, method, objective, less_like)
    try:
        for shown, said in tqdm(walk, total=steps + 1, desc="steps", leave=False, delay=1):
            frames.append(shown)
            history.append([s.probabilities for s in said])
            reached = [s.probabilities[sorted(t)].sum() for s, t in zip(said, sets, strict=True)]
            if stop_at is not None and (max(reached) <= stop_at if less_like else min(reached) >= stop_at):
                break
    except KeyboardInterrupt:
        if not history:
            raise
    del frames[len(history) :]  # an interrupt may come between the two appends
    tricks = [
        Trick(
            np.stack([f[i] for f in frames]),
            np.stack([h[i] for h in history]),
            s,
            epsilon,
            less_like,
            model,
        )
        for i, s in enumerate(sets)
    ]
    return tricks[0] if single else tricks


def make_less_like(model: Classifier, picture: np.ndarray, label, **options) -> Trick | list[Trick]:
    """Push a picture away from a class, or from a set of them: `trick` with `less_like=True`."""
    return trick(model, picture, label, less_like=True, **options)


def _batch(picture: np.ndarray, target) -> tuple[np.ndarray, list, bool]:
    """(pictures, targets, whether one Trick is wanted): one target a picture, whatever came in."""
    pictures = np.asarray(picture)
    if isinstance(target, list) and not target:
        raise ValueError("The list of targets is empty: give at least one.")
    if pictures.dtype != np.uint8:
        raise ValueError(f"A picture to trick holds whole numbers 0..255 (uint8); this holds {pictures.dtype}.")
    if pictures.ndim == 3 and not isinstance(target, list):
        return pictures[None], [target], True
    if pictures.ndim == 3:
        return np.stack([pictures] * len(target)), target, False
    return pictures, target if isinstance(target, list) else [target] * len(pictures), False
