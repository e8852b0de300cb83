"""A trick: a picture is moved, step by step, until the network takes it for something else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm.auto import tqdm

from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.attacks.steps import Method, climb
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Class, Objective, Target


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
    method: str | Method = "momentum",
    objective: Callable[[Target], Objective] = Class,
    less_like: bool = False,
    stop_at: float | None = None,
) -> Trick:
    """Change a picture, by no more than epsilon in any value, until the network takes it for the target.

    picture: uint8, 224 x 224 x 3. target: a class by index or name, or a set of classes that count as one.
    epsilon: the most that any value may move, in pixel values. steps: forward and backward passes.
    method: how steps follow from gradients, by its name in `steps.METHODS` or as a Method of your own.
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
    method: str | Method = "momentum",
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
        for shown, said in tqdm(taken, total=steps + 1, desc="steps", leave=False, delay=1):
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
