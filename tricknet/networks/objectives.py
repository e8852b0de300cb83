"""What is climbed: an objective says where the backward pass starts, and with what.

An objective is one number that a network computes on its way from the picture to the probabilities. Objectives add
and multiply: `0.8 * Class("vulture") + 0.2 * Channel("inception_4d/output", 379)`, `-Class("giant panda")`.
"""

from collections.abc import Iterable
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Doubles
from tricknet.networks.labels import Labels

# A class by index or name, or several that count as one.
type Target = str | SupportsIndex | Iterable[str | SupportsIndex]


class Objective:
    """A weighted sum of terms, each of them one number that the network computes."""

    __array_ufunc__ = None  # so that NumPy leaves `np.float64(0.5) * objective` to us

    def __init__(self, terms: Iterable[tuple[float, "Term"]]):
        self.terms = tuple(terms)

    def __add__(self, other: object) -> "Objective":
        return Objective((*self.terms, *other.terms)) if isinstance(other, Objective) else NotImplemented

    def __mul__(self, factor: float) -> "Objective":
        return Objective((float(factor) * weight, term) for weight, term in self.terms)

    __rmul__ = __mul__

    def __neg__(self) -> "Objective":
        return -1 * self

    def __sub__(self, other: "Objective") -> "Objective":
        return self + -other

    def __repr__(self) -> str:
        return " + ".join(f"{term!r}" if weight == 1 else f"{weight:g} * {term!r}" for weight, term in self.terms)


class Term(Objective):
    """One number computed from one layer's activations.

    layer: the layer's name, or None for the logits, for which each network has its own name.
    """

    layer: str | None = None

    def __init__(self) -> None:
        super().__init__([(1.0, self)])

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        """The term's value and its slope: how the value changes as each activation grows.

        activations: float64, (classes,) for the logits and height x width x channels elsewhere. The slope has the
        same shape. Raises LabelError for an unknown class, ValueError for an unknown channel.
        """
        raise NotImplementedError


class _OfClass(Term):
    """A term that is computed from the logits for one class, or for several that count as one."""

    def __init__(self, target: Target):
        super().__init__()
        self.target = target

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.target!r})"


class Class(_OfClass):
    """The logarithm of the class's probability. Its slope never vanishes while the probability is below 1."""

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        inside = labels.mask(self.target)
        total = log_sum_exp(activations)
        chosen = log_sum_exp(activations[inside])
        return chosen - total, share(activations, inside) - np.exp(activations - total)


class Probability(_OfClass):
    """The class's probability: the article's objective. Its slope vanishes where the network is sure."""

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        log_probability, slope = Class(self.target).measure(activations, labels)
        probability = float(np.exp(log_probability))
        return probability, probability * slope


class Logit(_OfClass):
    """The class's score before the softmax; for several classes, the logarithm of their summed exponentials."""

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        inside = labels.mask(self.target)
        return log_sum_exp(activations[inside]), share(activations, inside)


class Margin(_OfClass):
    """By how much the class's logit exceeds the largest other logit (Carlini and Wagner 2017, their f6)."""

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        inside = labels.mask(self.target)
        rival = int(np.where(inside, -np.inf, activations).argmax())
        slope = share(activations, inside)
        slope[rival] -= 1
        return log_sum_exp(activations[inside]) - float(activations[rival]), slope


class Channel(Term):
    """One channel of a layer: its mean over all positions."""

    def __init__(self, layer: str, channel: int):
        super().__init__()
        self.layer: str = layer
        self.channel = channel

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        grid = activations[None, None] if activations.ndim == 1 else activations
        height, width, channels = grid.shape
        if not 0 <= self.channel < channels:
            raise ValueError(
                f"{self.layer} has {channels} channels, numbered 0 to {channels - 1}: there is no channel "
                f"{self.channel}."
            )
        slope = np.zeros_like(grid)
        slope[..., self.channel] = 1 / (height * width)
        return float((grid * slope).sum()), slope.reshape(activations.shape)

    def __repr__(self) -> str:
        return f"Channel({self.layer!r}, {self.channel})"


class Strength(Term):
    """How strongly a layer responds: half the sum of its squared activations (Mordvintsev et al. 2015, DeepDream).

    Its slope is the activations themselves, so whatever the layer sees already, it sees more of.
    """

    def __init__(self, layer: str):
        super().__init__()
        self.layer: str = layer

    def measure(self, activations: Doubles, labels: Labels) -> tuple[float, Doubles]:
        return float((activations**2).sum() / 2), activations

    def __repr__(self) -> str:
        return f"Strength({self.layer!r})"


type Goal = Objective | Target  # what can be climbed: a class means its log-probability


def as_objective(goal: Goal) -> Objective:
    """An objective as it is; a class by index or name, or a set of them, as its log-probability."""
    return goal if isinstance(goal, Objective) else Class(goal)


def log_sum_exp(logits: Doubles) -> float:
    """log(sum(exp(logits))), without overflow."""
    largest = logits.max()
    return float(largest + np.log(np.exp(logits - largest).sum()))


def share(logits: Doubles, inside: npt.NDArray[np.bool_]) -> Doubles:
    """Each class's share of the probability of the classes inside (a mask); 0 outside."""
    weights = np.exp(np.where(inside, logits - logits[inside].max(), -np.inf))
    return weights / weights.sum()
