"""The lab's runs: a trick or a dream, a step at a time, and how steps and drawings share the time."""

import itertools
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace

import numpy as np

from tricknet.arrays import Floats, Picture, rounded
from tricknet.attacks.dream import deepening, dreaming, resized
from tricknet.attacks.steps import Method, climb
from tricknet.attacks.trick import Trick
from tricknet.course.lab import view
from tricknet.networks.classifier import Classifier, NoGradientError, Prediction
from tricknet.networks.objectives import Class, Objective

SHARE = 0.2  # drawing takes at most this share of the time
PER_SECOND = 8  # drawings at most, each with two exact PNGs: about a megabyte per second, which most networks carry
GAP = 0.002  # seconds after each drawing, in which other threads can send it and a click on Stop can arrive
OCTAVES = 4  # sizes at which a photograph dreams


@dataclass(frozen=True)
class Progress:
    """How far a run has got.

    before, now: its first picture, and the one to be shown (uint8, 224 x 224 x 3). history: what the network said
    (float32, one per class) at moments, and `at`: after which of all the `steps` those were. target: the class that it
    is about, if it is one. epsilon: the most that any value may move, if there is a limit. shown: at which of the
    moments the picture was `now`.
    """

    before: Picture
    now: Picture
    _: KW_ONLY
    history: Sequence[Floats]
    at: Sequence[int]
    steps: int
    target: int | None
    epsilon: int | None
    shown: int = -1


@dataclass
class Run(Iterable[None]):
    """Steps that begin at one picture. Iterating takes them: once before the first step, and once after each.

    steps: how many there will be, and `done`: how many have been taken, or -1 before the run has begun. now: where they
    have led. doing: their purpose, as in "towards vulture". file: a name for the picture's file, made of the `name` of
    the one at the start.
    """

    network: Classifier
    start: Picture
    _: KW_ONLY
    name: str
    steps: int
    target: int | None
    epsilon: int | None = None
    doing: str = field(init=False)
    file: str = field(init=False)
    now: Picture = field(init=False)
    done: int = field(default=-1, init=False)
    history: list[Floats] = field(default_factory=list, init=False)
    at: list[int] = field(default_factory=list, init=False)

    @abstractmethod
    def sentence(self) -> str:
        """What has come of it."""

    def progress(self) -> Progress:
        """How far it has got. The network is asked about the picture, unless a step has done so."""
        if self.at[-1:] != [self.done]:
            self._note(self.network.predict(self.now))
        history, at = tuple(self.history), tuple(self.at)
        return Progress(
            self.start, self.now, history=history, at=at, steps=self.steps, target=self.target, epsilon=self.epsilon
        )

    def end(self) -> Progress:
        """What it ends with: its latest picture."""
        return self.progress()

    def _note(self, said: Prediction) -> None:
        self.history.append(said.probabilities)
        self.at.append(self.done)


@dataclass(kw_only=True)
class Tricking(Run):
    """Steps towards a class, or away from it, that move no value by more than epsilon."""

    target: int
    epsilon: int
    less_like: bool
    method: Method

    def __post_init__(self) -> None:
        label = self.network.labels[self.target]
        self.doing = f"{'away from' if self.less_like else 'towards'} {label}"
        self.file = f"{self.name}-{'not' if self.less_like else 'to'}-{view.plain(label)}-eps{self.epsilon}.png"
        self.frames: list[Picture] = []

    def __iter__(self) -> Iterator[None]:
        objective = -Class(self.target) if self.less_like else Class(self.target)
        start, epsilon, steps, method = self.start[None], self.epsilon, self.steps, self.method
        walk = climb(self.network, start, objective, epsilon=epsilon, steps=steps, method=method)
        for self.done, (pictures, predictions) in enumerate(walk):
            self.now = pictures[0]
            self.frames.append(self.now)
            self._note(predictions[0])
            yield

    def trick(self, model: Classifier) -> Trick:
        """The steps so far as a Trick of `model`, which is a network like the run's own."""
        return Trick.of(
            self.frames,
            self.history,
            {self.target},
            epsilon=self.epsilon,
            less_like=self.less_like,
            model=model,
            gradients=min(len(self.frames), self.steps),
        )

    def end(self) -> Progress:
        """What it ends with: its best picture."""
        trick = self.trick(self.network)
        return replace(self.progress(), now=trick.after, shown=trick.kept)

    def sentence(self) -> str:
        trick = self.trick(self.network)
        return f"{trick!r}." + ("" if trick.fooled else " To get further, try more steps or a larger epsilon.")


@dataclass(kw_only=True)
class Dreaming(Run):
    """Steps up an objective with no limit to how far they go. The network is asked only when the lab draws.

    what: what is dreamt of, in words. deep: in octaves, as DeepDream does, so that a photograph takes on what a layer
    sees in it. name: "" for noise.
    """

    objective: Objective
    what: str
    deep: bool
    seed: int

    def __post_init__(self) -> None:
        self.doing = f"dreaming of {self.what}"
        self.file = f"{self.name and f'{self.name}-'}dream-of-{view.plain(self.what)}-seed{self.seed}.png"
        if self.deep:
            self.steps = max(self.steps // OCTAVES, 1) * OCTAVES

    def __iter__(self) -> Iterator[None]:
        network, objective, start, seed = self.network, self.objective, self.start, self.seed
        walk: Iterator[Picture]
        if self.deep:
            octaves = deepening(network, objective, start, octaves=OCTAVES, steps=self.steps // OCTAVES, seed=seed)
            walk = itertools.chain([start], octaves)
        else:
            walk = dreaming(network, objective, start, steps=self.steps, seed=seed)
        try:
            for self.done, picture in enumerate(walk):
                # A small octave is seen, by the reader and by the network, and kept at the full size.
                self.now = rounded(resized(picture.astype(np.float32), start.shape[:2]))
                yield
        except NoGradientError as error:
            raise NoGradientError(
                f"Nothing in this picture excites {self.what}, so there is no way up. Choose a different channel "
                "or layer, or start from a different seed or picture."
            ) from error

    def sentence(self) -> str:
        said = self.progress().history
        first, last = (view.top(Prediction(p, self.network.labels)) for p in (said[0], said[-1]))
        return f"{first} → {last} in {self.done} steps, {self.doing}."


def follow(
    run: Run,
    stopped: Callable[[], bool],
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Progress]:
    """Take the steps of `run` until it ends or `stopped()`, and yield its progress whenever there is time to draw it.

    That is at the first step, and then as often as SHARE and PER_SECOND allow. Raises what a step raises.
    """
    began, last, drawing = clock(), float("-inf"), 0.0

    for _ in run:
        if stopped():
            break
        now = clock()
        if drawing <= SHARE * (now - began) and now - last >= 1 / PER_SECOND:
            yield run.progress()
            pause(GAP)  # Caffe holds Python's lock during a pass, so no other thread has had a turn
            last, drawing = now, drawing + clock() - now
