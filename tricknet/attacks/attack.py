"""The code that keeps the promises of every attack: see `attack`."""

import inspect
import math
import operator
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial, update_wrapper
from typing import Any, Concatenate, SupportsIndex

import numpy as np

from tricknet.arrays import Floats, Numbers, Picture, Pictures, rounded
from tricknet.attacks.result import Result, Trick
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Target
from tricknet.progress import bar

REASONS = {
    "epsilon": "a picture holds whole numbers, so no perturbation is smaller",
    "steps": "without a step nothing moves",
    "copies": "without a picture there is no gradient",
    "length": "a picture holds whole numbers, so no change is shorter",
    "queries": "an attack that asks nothing finds nothing",
}
# Of a Classifier: its methods that take pictures forward through the network, and those that go backwards as well.
FORWARD = {"predict", "value", "activations", "by_layer"}
BACKWARD = {"gradient", "predict_and_gradient"}

type Ask = Callable[[Pictures], Floats]  # pictures (uint8, n x height x width x 3) to probabilities (n x classes)
type Moment = tuple[Picture, Floats]  # a picture, and the probabilities that the network gives it
type Generates[M, **P] = Callable[Concatenate[M, Picture, frozenset[int], P], Iterator[Moment]]


def asking(network: Ask | Classifier) -> Ask:
    """A network as something to ask: nothing but its probabilities can be seen."""
    if callable(network):
        return network
    return lambda pictures: np.stack([prediction.probabilities for prediction in network.predict(list(pictures))])


class Counted:
    """A network, or whatever else answers about pictures, that counts them. An attack gets it in the network's place.

    queries: how many pictures went forward. gradients: how many of those went backwards, too.
    """

    def __init__(self, model: Any):
        self.model, self.queries, self.gradients = model, 0, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.model, name)
        return partial(self._count, found, name in BACKWARD) if name in FORWARD | BACKWARD else found

    def __call__(self, pictures: Pictures) -> Floats:
        return self._count(asking(self.model), False, pictures)

    def _count(self, ask: Callable[..., Any], backward: bool, pictures: Any, *rest: Any, **options: Any) -> Any:
        """Ask the network about some pictures, and count them once it has answered."""
        answer, n = ask(pictures, *rest, **options), math.prod(np.shape(pictures)[:-3])
        self.queries += n
        self.gradients += n if backward else 0
        return answer

    def indices(self, target: Target) -> frozenset[int]:
        """The indices of a target's classes. What only answers has no names for them."""
        if isinstance(self.model, Classifier):
            return self.model.indices(target)
        classes: Iterable[Any] = [target] if isinstance(target, (str, SupportsIndex)) else target
        try:
            return frozenset(map(operator.index, classes))
        except TypeError:
            raise ValueError(f"Only a Classifier has names for its classes: give {target!r} by its index.") from None

    def judge(self, picture: Picture) -> Floats:
        """The probabilities of one picture, asked for without being counted, even if Ctrl-C comes meanwhile."""
        with suppress(KeyboardInterrupt):
            return asking(self.model)(picture[None])[0]
        return asking(self.model)(picture[None])[0]


def whole(picture: Numbers) -> Picture:
    """A picture as it is. Raises ValueError unless it is height x width x channels, in whole numbers 0..255 (uint8)."""
    array = np.asarray(picture)
    if array.dtype != np.uint8:
        raise ValueError(f"A picture to attack holds whole numbers 0..255 (uint8); this one holds {array.dtype}.")
    if array.ndim != 3:
        raise ValueError(f"A picture to attack is height x width x channels; this one has the shape {array.shape}.")
    return array


def at_least_one(**numbers: float) -> None:
    """Raises ValueError where epsilon, steps, copies, length or queries are below 1."""
    for name, value in numbers.items():
        if name in REASONS and not value >= 1:  # so that NaN fails too
            raise ValueError(f"{name} must be at least 1: {REASONS[name]}.")


def until_ctrl_c[T](moments: Iterable[T], *start: T, most: int | None = None, total: int | None = None) -> deque[T]:
    """The start and the moments after it, or the last `most` of them. Ctrl-C ends it early, and loses none of them."""
    path = deque(start, maxlen=most)
    with suppress(KeyboardInterrupt):
        path.extend(bar(moments, total=total, desc="steps"))
    return path


def attack[M, **P, R: Result](
    kind: type[R], keep: Callable[..., int] | None = None
) -> Callable[[Generates[M, P]], Callable[Concatenate[M, Picture, Target, P], R]]:
    """Turn a generator into an attack that keeps the promises in tricknet/attacks/__init__.py.

    The generator takes the network (Counted), a copy of the picture, the indices of the target's classes, and its own
    options. After each step it yields the moment that it would keep if it ended now.
    kind: of the result. A Trick has all moments as its frames. keep: chooses one of them for `after`.
    """

    def decorate(moments: Generates[M, P]) -> Callable[Concatenate[M, Picture, Target, P], R]:
        signature = inspect.signature(moments)

        def final(model: M, picture: Picture, target: Target, *rest: P.args, **options: P.kwargs) -> R:
            call = signature.bind(model, picture, target, *rest, **options)
            call.apply_defaults()
            settings = call.arguments
            at_least_one(**settings)
            network: Any = Counted(model)
            before, classes = whole(picture), network.indices(target)
            run = moments(network, before.copy(), classes, *rest, **options)
            most = None if issubclass(kind, Trick) else 1
            path = until_ctrl_c(run, most=most, total=settings.get("steps", settings.get("queries")))
            limits = {name: settings[name] for name in ("epsilon", "less_like") if name in settings}
            return finish(kind, network, before, path, target=classes, keep=keep, **limits)

        attack_: Any = update_wrapper(final, moments)
        attack_.__signature__ = signature.replace(return_annotation=kind)  # as whoever calls it sees it
        return attack_

    return decorate


def finish[R: Result](
    kind: type[R],
    network: Counted,
    before: Picture,
    path: Sequence[Moment],
    *,
    target: frozenset[int],
    epsilon: float = 255,
    less_like: bool = False,
    keep: Callable[..., int] | None = None,
) -> R:
    """The result of an attack that has ended, early or not: the moment that it keeps, in its box, and judged anew."""
    frames, history = map(np.stack, zip(*path or [(before, network.judge(before))], strict=True))
    index = keep(history, target, less_like=less_like) if keep else len(frames) - 1
    reach = math.floor(min(epsilon, 255))
    after = rounded(np.clip(frames[index], before.astype(int) - reach, before.astype(int) + reach))
    fooled = (int(network.judge(after).argmax()) in target) != less_like
    known = before.copy(), after, fooled, network.gradients, network.queries
    if issubclass(kind, Trick):
        return kind(*known, frames, history, index, target, epsilon, less_like, network.model)
    return kind(*known)
