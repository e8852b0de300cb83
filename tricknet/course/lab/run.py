"""The lab's runs: a trick or a dream, a step at a time, and how steps and drawings share the time."""

import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from tricknet.arrays import Floats, Picture
from tricknet.attacks.dream import deepening, dreaming, resized, whole
from tricknet.attacks.steps import climb
from tricknet.attacks.trick import Trick
from tricknet.course.lab import view
from tricknet.course.lab.panel import Panel
from tricknet.networks.classifier import Classifier, NoGradientError, Prediction
from tricknet.networks.objectives import Class, Objective

SHARE = 0.2  # drawing takes at most this share of the time
PER_SECOND = 8  # drawings at most, each with two exact PNGs: about a megabyte per second, which most networks carry
GAP = 0.002  # seconds after each drawing, in which other threads can send it and a click on Stop can arrive
OCTAVES = 4  # sizes at which a photograph dreams


def follow(
    run: Iterable[None],
    draw: Callable[[], None],
    stopped: Callable[[], bool],
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Take the steps of `run` until it ends or `stopped()`, and raise what a step raises.

    `draw` is called at the first step, and then as often as SHARE and PER_SECOND allow.
    """
    began, last, drawing = clock(), float("-inf"), 0.0

    for _ in run:
        if stopped():
            break
        now = clock()
        if drawing <= SHARE * (now - began) and now - last >= 1 / PER_SECOND:
            draw()
            pause(GAP)  # Caffe holds Python's lock during a pass, so no other thread has had a turn
            last, drawing = now, drawing + clock() - now


class Run(ABC):
    """Steps that begin at one picture. Iterating takes them: once before the first step, and once after each.

    steps: how many there will be. doing: their purpose, as in "towards vulture". file: the name for the last picture.
    """

    def __init__(self, network: Classifier, start: Picture, *, steps: int, doing: str, file: str):
        self.network, self.start, self.steps = network, start, steps
        self.doing, self.file = doing, file

    @abstractmethod
    def __iter__(self) -> Iterator[None]: ...

    @property
    @abstractmethod
    def done(self) -> int:
        """How many steps have been taken, or -1 before the run has begun."""

    @property
    @abstractmethod
    def after(self) -> Picture:
        """The picture that the steps have led to: uint8, 224 x 224 x 3."""

    @abstractmethod
    def draw(self, panel: Panel) -> None:
        """Show how far the run has got."""

    @abstractmethod
    def sentence(self) -> str:
        """What has come of it."""


class Tricking(Run):
    """Steps towards a class, or away from it, that move no value by more than epsilon.

    name: the picture's, for the name of the file.
    """

    def __init__(
        self,
        network: Classifier,
        picture: Picture,
        target: int,
        *,
        away: bool,
        epsilon: int,
        steps: int,
        method: str,
        name: str,
    ):
        label = network.labels[target]
        doing = f"{'away from' if away else 'towards'} {label}"
        file = f"{name}-{'not' if away else 'to'}-{view.plain(label)}-eps{epsilon}.png"
        super().__init__(network, picture, steps=steps, doing=doing, file=file)
        self.target, self.away, self.epsilon, self.method = target, away, epsilon, method
        self.frames: list[Picture] = []
        self.history: list[Floats] = []

    def __iter__(self) -> Iterator[None]:
        objective = -Class(self.target) if self.away else Class(self.target)
        start, epsilon, steps, method = self.start[None], self.epsilon, self.steps, self.method
        walk = climb(self.network, start, objective, epsilon=epsilon, steps=steps, method=method)
        for pictures, predictions in walk:
            self.frames.append(pictures[0])
            self.history.append(predictions[0].probabilities)
            yield

    @property
    def done(self) -> int:
        return len(self.history) - 1

    @property
    def after(self) -> Picture:
        return self.trick(self.network).after

    def draw(self, panel: Panel) -> None:
        panel.draw(self.frames[-1], self.history, range(len(self.history)), {self.target}, self.steps)
        panel.draw_change(self.frames[-1].astype(np.float32) - self.start, self.epsilon)

    def trick(self, model: Classifier) -> Trick:
        """The steps so far as a Trick of `model`, which is a network like the run's own."""
        return Trick.of(
            self.frames,
            self.history,
            {self.target},
            epsilon=self.epsilon,
            less_like=self.away,
            model=model,
            gradients=min(len(self.history), self.steps),
        )

    def sentence(self) -> str:
        trick = self.trick(self.network)
        return f"{trick!r}." + ("" if trick.fooled else " To get further, try more steps or a larger epsilon.")


class Dreaming(Run):
    """Steps up an objective with no limit to how far they go. The network is asked only when the lab draws.

    what: what is dreamt of, in words; target: its class, if it is one. deep: in octaves, as DeepDream does, so that a
    photograph takes on what a layer sees in it.
    """

    def __init__(
        self,
        network: Classifier,
        objective: Objective,
        start: Picture,
        *,
        what: str,
        target: int | None,
        deep: bool,
        steps: int,
        seed: int,
        file: str,
    ):
        steps = max(steps // OCTAVES, 1) * OCTAVES if deep else steps
        super().__init__(network, start, steps=steps, doing=f"dreaming of {what}", file=file)
        self.objective, self.what, self.deep, self.seed = objective, what, deep, seed
        self.target = set() if target is None else {target}
        self._picture, self._done = start, -1
        self.asked: list[int] = []  # after which steps
        self.history: list[Floats] = []  # and what the network said

    def __iter__(self) -> Iterator[None]:
        network, objective, start, seed = self.network, self.objective, self.start, self.seed
        walk: Iterator[Picture]
        if self.deep:
            octaves = deepening(network, objective, start, octaves=OCTAVES, steps=self.steps // OCTAVES, seed=seed)
            walk = itertools.chain([start], octaves)
        else:
            walk = dreaming(network, objective, start, steps=self.steps, seed=seed)
        try:
            for self._done, picture in enumerate(walk):
                # A small octave is seen, by the reader and by the network, and kept at the full size.
                self._picture = whole(resized(picture.astype(np.float32), start.shape[:2]))
                yield
        except NoGradientError as error:
            raise NoGradientError(
                f"Nothing in this picture excites {self.what}, so there is no way up. Choose another channel or "
                "layer, or begin with another seed or picture."
            ) from error

    @property
    def done(self) -> int:
        return self._done

    @property
    def after(self) -> Picture:
        return self._picture

    def _said(self) -> Sequence[Floats]:
        """What the network has said on the way, and says now."""
        if not self.asked or self.asked[-1] != self.done:
            self.history.append(self.network.predict(self.after).probabilities)
            self.asked.append(self.done)
        return self.history

    def draw(self, panel: Panel) -> None:
        panel.draw(self.after, self._said(), self.asked, self.target, self.steps)

    def sentence(self) -> str:
        said = self._said()
        first, last = (view.top(Prediction(p, self.network.labels)) for p in (said[0], said[-1]))
        return f"{first} → {last} in {self.done} steps, {self.doing}."
