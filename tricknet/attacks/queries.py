"""Tricks without a gradient: two attacks that only ask. One sees probabilities, the other nothing but the answer.

Anything that answers can be attacked: a network, a network behind a defence, a service on the internet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from scipy.fft import idctn

from tricknet.arrays import Doubles, Floats, Picture, Pictures, rounded
from tricknet.attacks.result import Result, at_least_one, whole
from tricknet.networks.classifier import Classifier
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Target
from tricknet.progress import bar

type Ask = Callable[[Pictures], Floats]  # pictures (uint8, n x height x width x 3) to probabilities (n x classes)

LEAST = np.finfo(np.float32).smallest_subnormal  # in place of a probability of 0, so that it has a logarithm
COVERED = 0.05  # the share of the picture in Square's first squares, which halves at these shares of the queries:
HALVINGS = np.array([10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]) / 10_000
WAVES = 7  # the finest waves in the directions of `boundary`, in half periods per side


@dataclass(frozen=True, eq=False)
class SearchResult(Result):
    """What an attack has found by asking.

    after: the best so far. history: float64, (queries,): what the best picture was worth after each query, of which the
    first shows the picture itself (`square`) or the start (`boundary`).
    """

    history: Doubles


def asking(model: Classifier) -> Ask:
    """A network as something to ask: nothing but its probabilities can be seen."""
    return lambda pictures: np.stack([prediction.probabilities for prediction in model.predict(list(pictures))])


def square(
    ask: Ask | Classifier,
    picture: Picture,
    target: Target,
    *,
    epsilon: float = 8,
    queries: int = 1000,
    less_like: bool = False,
    seed: int = 0,
) -> SearchResult:
    """Perturb a picture, square by square, until its answer is the target: Square (Andriushchenko et al. 2020).

    First, every column of pixels goes up or down by epsilon. Then each query moves one square, at a random place, to
    a random corner of the box, and keeps it unless the margin got worse. The squares shrink as the queries are spent.

    picture: uint8, height x width x 3. target, epsilon, less_like: as for `trick`. queries: how many pictures may be
    shown; it ends at the first success. Ctrl-C stops it early, and you get the best so far. history: the margin, by
    which the target's log-probability (of a set, the largest one) exceeds the largest other one (with less_like, falls
    short of it). Raises ValueError for a picture that is not uint8, and for an epsilon or queries below 1.
    """
    at_least_one(epsilon=epsilon)
    search, random = _Search(ask, target, less_like, queries, picture), np.random.default_rng(seed)
    reach, (height, width, _) = int(min(epsilon, 255)), picture.shape
    with search:
        margin = search.margin(picture)
        search.keep(picture, margin)
        if margin <= 0:
            striped = (picture + reach * random.choice([-1, 1], (1, width, 3))).clip(0, 255).astype(np.uint8)
            search.keep(striped, margin := search.margin(striped))
        while margin <= 0:
            share = COVERED / 2.0 ** np.searchsorted(HALVINGS, search.asked / queries, side="right")
            side = max(1, round((share * height * width) ** 0.5))
            top, left = random.integers(height - side + 1), random.integers(width - side + 1)
            window = (slice(top, top + side), slice(left, left + side))
            moved = search.best.copy()
            while (moved == search.best).all():  # a corner where the square already lies would be a wasted question
                moved[window] = (picture[window] + reach * random.choice([-1, 1], 3)).clip(0, 255)
            if (moved_margin := search.margin(moved)) >= margin:
                search.keep(moved, margin := moved_margin)
    return search.result(picture, fooled=search.value > 0)


def boundary(
    ask: Ask | Classifier,
    picture: Picture,
    target: Target,
    *,
    start: Picture,
    queries: int = 2000,
    less_like: bool = False,
    seed: int = 0,
) -> SearchResult:
    """Walk along the boundary of a class towards a picture, seeing only answers; modelled on SurFree.

    It has the half circles of SurFree (Maho et al. 2021), but neither its search for the best angle nor its memory of
    directions. (On three pairs of photographs these gained nothing, but we kept no table of those trials.)

    It first goes straight towards the picture, as far as the answer stays the wanted one. From there a half circle
    leads to the picture too, bent towards a random direction or away from it. That direction is the remaining
    difference, multiplied by long waves, so that it shrinks in some places and grows in others. Each query goes a few
    degrees along such a half circle, which always leads nearer, and stays there if the answer is the wanted one.

    picture: uint8, height x width x 3. start: the same, with the wanted answer: another photograph, or noise. target,
    less_like: as for `trick`. queries: how many pictures are shown, unless it gets to the picture itself. Ctrl-C stops
    it early, and you get the best so far. history: the distance from the picture (L2, in pixel values). Raises
    ValueError for pictures that are not uint8 or differ in shape, for queries below 1, and for a start with a wrong
    answer.
    """
    if picture.shape != start.shape:
        raise ValueError(
            f"The start must be as large as the picture, but one is {start.shape} and the other {picture.shape}."
        )
    search, random = _Search(ask, target, less_like, queries, start), np.random.default_rng(seed)
    origin = whole(picture, 3).astype(np.float64)

    def nearer(place: Doubles) -> bool:
        """Is the answer still the wanted one there, and the place nearer? Then it is kept."""
        frame = rounded(place)
        distance = float(np.linalg.norm(frame - origin))
        if search.margin(frame) <= 0 or distance >= search.value:
            return False
        search.keep(frame, distance)
        return True

    with search:
        if search.margin(start) <= 0:
            raise ValueError(
                "At the start, the network does not give the answer you want. Start from a picture for which it does."
            )
        search.keep(start, float(np.linalg.norm(start - origin)))
        far, share = search.best - origin, np.array([0.0, 1.0])  # first along the straight line, which is halved
        for _ in range(10):
            middle = share.mean()
            share[int(nearer(origin + middle * far))] = middle
        turn = 0.2  # radians
        while search.value > 0:
            ahead = (search.best - origin) / search.value
            aside = idctn(random.normal(size=(WAVES, WAVES, 3)), s=picture.shape[:2], axes=(0, 1)) * ahead
            aside -= (aside * ahead).sum() * ahead
            aside *= np.sin(turn) / np.linalg.norm(aside)
            chord, ahead = search.value * np.cos(turn), np.cos(turn) * ahead
            closer = nearer(origin + chord * (ahead + aside)) or nearer(origin + chord * (ahead - aside))
            turn *= 1.5 if closer else 0.95
    return search.result(picture, fooled=True)


class _Search:
    """The best picture so far, what it was worth after each query, and a budget of queries that is kept.

    As a context manager it ends quietly when the budget is spent, and on Ctrl-C.
    """

    def __init__(self, ask: Ask | Classifier, target: Target, less_like: bool, queries: int, start: Picture):
        at_least_one(queries=queries)
        self.best, self.value, self.queries = whole(start, 3), -np.inf, queries
        self._ask = asking(ask) if isinstance(ask, Classifier) else ask
        labels = ask.labels if isinstance(ask, Classifier) else Labels()
        self._target, self._sign = np.flatnonzero(labels.mask(target)), -1 if less_like else 1
        self._history: list[float] = []

    @property
    def asked(self) -> int:
        """The queries so far."""
        return len(self._history)

    def margin(self, picture: Picture) -> float:
        """Ask: above 0 if the answer is the wanted one."""
        if self.asked >= self.queries:
            raise _Spent
        logarithms = np.log(np.maximum(self._ask(picture[None])[0].astype(np.float64), LEAST))
        self._history.append(self.value)
        self._bar.update()
        inside = np.isin(np.arange(len(logarithms)), self._target)
        return self._sign * float(logarithms[inside].max() - logarithms[~inside].max())

    def keep(self, picture: Picture, value: float) -> None:
        """The picture that was just asked about is the best so far."""
        self.best, self.value = picture, value
        self._history[-1] = value

    def result(self, picture: Picture, *, fooled: bool) -> SearchResult:
        """What has been found for a picture."""
        return SearchResult(
            picture, self.best, fooled, gradients=0, queries=self.asked, history=np.array(self._history)
        )

    def __enter__(self) -> None:
        self._bar = bar(total=self.queries, desc="queries")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        self._bar.close()
        return isinstance(error, (_Spent, KeyboardInterrupt)) and self.asked > 0


class _Spent(Exception):  # noqa: N818 - not an error
    """There are no queries left."""
