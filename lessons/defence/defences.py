"""Is this defence real? Networks behind a defence, a gradient attack on them, and flags for what the attack missed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from tricknet.arrays import Doubles, Floats, Picture, Pictures
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.queries import square
from tricknet.attacks.steps import Ascent
from tricknet.attacks.transforms import StraightThrough, Transform, blurring, diverse, jpeg
from tricknet.attacks.trick import make_less_like
from tricknet.networks.classifier import Classifier, NoGradientError
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Class, Margin, Objective, Target

type Draw = Callable[[np.random.Generator], Transform]

NOTHING = StraightThrough(lambda picture: picture)
RUINS = 128  # with this budget every value can reach mid-grey, so nothing of any photograph need be left


class Flat(StraightThrough):
    """A transform as automatic differentiation sees it, where the transform is a staircase: its slope is 0."""

    def back(self, gradient: Floats) -> Floats:
        """Zeros, in the shape of the gradient."""
        return np.zeros_like(gradient)


class Sharp(Class):
    """The class's log-probability after the logits were multiplied by 100, computed in float32 as most networks are.

    Where the largest logit leads by 1.1, its probability rounds to 1 and all others to 0: the slope is exactly 0.
    """

    factor = 100

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        log_probability, _ = super().measure(self.factor * activations, labels)
        probabilities = softmax((self.factor * activations).astype(np.float32))
        slope = np.asarray(self.factor * (labels.mask(self.target) - probabilities.astype(np.float64)))
        return log_probability, slope


@dataclass(frozen=True)
class Defended:
    """A network behind a defence, and how an attack differentiates the two.

    draw: gives what stands in front of the network; its `back` is the attack's idea of the derivative. loss: what the
    attack wants less of. copies: over how many draws it averages its gradient. factor: what the logits are multiplied
    by before the softmax. looks: how many answers are asked for, of which the majority counts.
    """

    model: Classifier
    draw: Draw
    loss: Callable[[Target], Objective] = Class
    copies: int = 1
    factor: float = 1
    looks: int = 1
    random: np.random.Generator = field(default_factory=partial(np.random.default_rng, 0))

    def ask(self, pictures: Pictures) -> Floats:
        """The probabilities that it answers with: float32, n x classes."""
        seen = np.stack([self.draw(self.random)(picture) for picture in pictures])
        return softmax(np.float32(self.factor) * self.model.activations(seen, self.model.logits))

    def falls(self, picture: Picture, label: int) -> bool:
        """Is the answer another one than the label? Where one look says so, the majority of `looks` more decides."""
        several = np.stack([picture] * self.looks)
        wrong = (self.ask(pictures).argmax(axis=1) != label for pictures in (several[:1], several))
        return all(w.mean() > 0.5 for w in wrong)

    def gradient(self, picture: Picture, objective: Objective) -> Floats:
        """The mean gradient of several draws (float32, the picture's shape). It is all 0 where there is none."""
        drawn = [self.draw(self.random) for _ in range(self.copies)]
        try:
            slopes = gradient_through(self.model, np.stack([picture] * self.copies), [objective] * self.copies, drawn)
        except NoGradientError:
            return np.zeros(picture.shape, dtype=np.float32)
        mean: Floats = slopes.mean(axis=0)
        return mean


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits, along the last axis, in the precision of the logits."""
    powers: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.divide(powers, powers.sum(axis=-1, keepdims=True))


def four_defences(model: Classifier) -> dict[str, tuple[Defended, Defended]]:
    """Four defences, each differentiated in two ways: as its authors would, and as an attacker who knows it would."""
    blur, half = always(blurring(1)), partial(jpeg, quality=50)
    sharp = Defended(model, always(NOTHING), loss=Sharp, factor=Sharp.factor)
    random = Defended(model, partial(diverse, least=0.87), looks=5)
    return {
        "blur": (Defended(model, blur), Defended(model, blur)),
        "JPEG": (Defended(model, always(Flat(half))), Defended(model, always(StraightThrough(half)))),
        "resize and pad": (random, replace(random, copies=4)),
        "sharp softmax": (sharp, replace(sharp, loss=Class)),
    }


def always(transform: Transform) -> Draw:
    """A draw that gives the same transform each time."""
    return lambda random: transform


def attacked(
    defended: Defended,
    picture: Picture,
    label: int,
    *,
    epsilon: float,
    steps: int = 10,
    starts: int = 1,
    loss: Callable[[Target], Objective] | None = None,
) -> Picture:
    """A gradient attack: steps away from the label. It ends at the first picture that falls.

    picture: uint8, height x width x 3. label: the index of its class. starts: every one but the first begins at a
    random corner of the box. loss: in place of the attack's own. Returns the last picture.
    """
    objective, random = (loss or defended.loss)(label), np.random.default_rng(0)
    current = picture
    for start in range(starts):
        ascent = Ascent(picture[None], epsilon=epsilon, steps=steps)
        current = picture
        for step in range(steps):
            if defended.falls(current, label):
                return current
            anywhere = start > 0 and step == 0
            slope = random.normal(size=picture.shape) if anywhere else defended.gradient(current, objective)
            if not slope.any():
                break  # no step leads anywhere
            ascent.step(-slope[None].astype(np.float32))
            (current,) = ascent.pictures
    return current


def flags(
    defended: Defended,
    picture: Picture,
    label: int,
    *,
    epsilon: float,
    claimed: Picture,
    other: Classifier,
    queries: int = 100,
) -> dict[str, bool]:
    """What one picture says against an evaluation. A flag from the fourth on is a proof: the attack missed something.

    claimed: what the evaluation's own attack ended at. other: a network without the defence. The list follows Carlini
    et al. (2019) and AutoAttack (Croce and Hein 2020).
    """
    stands = not defended.falls(claimed, label)

    def missed(attack_again: Callable[[], Picture]) -> bool:
        """Did the attack leave this picture standing, although another one in the same box falls?"""
        return stands and defended.falls(attack_again(), label)

    def attack(**options: Any) -> Picture:
        return attacked(defended, picture, label, **{"epsilon": epsilon} | options)

    def ask() -> Picture:
        return square(defended.ask, picture, label, epsilon=epsilon, queries=queries, less_like=True).after

    first, second = (defended.ask(picture[None]) for _ in range(2))
    return {
        "zero gradient": not defended.gradient(picture, defended.loss(label)).any(),
        "random answers": bool((first != second).any()),
        f"epsilon {RUINS} fails": not defended.falls(attack(epsilon=RUINS), label),
        "more steps": missed(lambda: attack(steps=20, starts=2)),
        "another loss": missed(lambda: attack(loss=Margin)),
        "no gradient": missed(ask),
        "another network": missed(lambda: make_less_like(other, picture, label, epsilon=epsilon, steps=10).after),
    }
