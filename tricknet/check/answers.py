"""What the checks measure. Each function gives what it found, or raises a Hint that says what to change."""

from collections.abc import Iterable, Sequence
from functools import cache
from numbers import Real

import numpy as np

from tricknet import Classifier, Prediction, images
from tricknet.arrays import Doubles, Picture
from tricknet.attacks.result import Change, Result
from tricknet.check import Hint, kind
from tricknet.counting import rate
from tricknet.networks import load

SHUFFLES = 100_000  # of the names in a quiz, to see what chance does


@cache
def network(name: str = "GoogLeNet") -> Classifier:
    """The network that the checks ask, or another by its name, as `tricknet.load` takes it; each is loaded once."""
    return load(name)


def ask(picture: Picture) -> Prediction:
    """What the network says about a picture."""
    return network().predict(picture)


def top(prediction: Prediction) -> str:
    """The most probable class, quoted: "giant panda" (100.0%)."""
    return f'"{prediction.best.name}" ({prediction.best.probability:.1%})'


def picture(answer: object, what: str = "The answer", shape: tuple[int, ...] = (224, 224, 3)) -> Picture:
    """The answer as a picture: a uint8 array of this shape. The result of an attack gives its `after`."""
    if isinstance(answer, Result):
        answer = answer.after
    if not isinstance(answer, np.ndarray):
        raise Hint(f"{what} should be a picture (a NumPy array) or the result of `trick`; it is {kind(answer)}.")
    if answer.shape != shape:
        raise Hint(f"{what} should be a picture of {' × '.join(map(str, shape))} values; its shape is {answer.shape}.")
    if answer.dtype != np.uint8:
        raise Hint(
            f"{what} holds {answer.dtype}, but a picture file holds whole numbers from 0 to 255. "
            "Round and clip it, then call `.astype(np.uint8)`: does the trick still work?"
        )
    return answer


def made(answer: object) -> Picture:
    """The answer as a picture that is none of the course's photographs."""
    given = picture(answer)
    for name in (*images.examples(), *images.EVIDENCE, *images.HELD_OUT):
        if np.array_equal(given, images.load(name)):
            raise Hint(f"This is the course's photograph {name}. Make a picture of your own.")
    return given


def perturbation(answer: object, before: Picture | None = None, *, limit: float = 255) -> Change:
    """The answer's picture and where it started, no value further than `limit` from it.

    The result of an attack knows where it started; for a picture alone, `before` says it. Raises Hint outside the box,
    or where nothing has changed.
    """
    after = picture(answer)
    if isinstance(answer, Result):
        before = answer.before if before is None else before
    if before is None:
        raise Hint(f"The answer should be the result of `trick`; it is {kind(answer)}.")
    change = Change(before, after)
    if change.largest == 0:
        raise Hint("This picture is the one that you started with: nothing has changed.")
    if change.largest > limit:
        raise Hint(f"One value has moved by {change.largest}, but at most {limit:g} out of 255 is allowed (epsilon).")
    return change


def several(answer: object, how_many: int, what: str) -> list[object]:
    """The answer as a list of a known length (a dict gives its values, an array its rows); `what` is in the plural."""
    if isinstance(answer, dict | np.ndarray):
        answer = list(answer.values()) if isinstance(answer, dict) else list(np.atleast_1d(answer))
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        raise Hint(f"The answer should be a list of {how_many} {what}; it is {kind(answer)}.")
    if len(answer) != how_many:
        raise Hint(f"There should be {how_many} {what}; yours has {len(answer)}.")
    return list(answer)


def number(answer: object, what: str = "The answer") -> float:
    """The answer as a number."""
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, (Real, np.number)):
        raise Hint(f"{what} should be a number; it is {kind(answer)}.")
    value = float(answer)
    if not np.isfinite(value):
        raise Hint(f"{what} should be a finite number; it is {value}.")
    return value


def numbers(answer: object, shape: tuple[int, ...], what: str = "The answer") -> Doubles:
    """The answer as an array of finite numbers of this shape."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):  # words, or rows of different lengths
        raise Hint(f"{what} should be an array of numbers; it is {kind(answer)}.") from None
    if array.shape != shape:
        raise Hint(f"{what} should have the shape {shape}; it has {array.shape}.")
    if not np.isfinite(array).all():
        raise Hint(f"{what} holds numbers that are not finite.")
    return array


def label(answer: object, name: str = "GoogLeNet") -> int:
    """The answer as the index of a class of a network: by index or by name, as in `model.labels.find`."""
    if isinstance(answer, bool) or not isinstance(answer, (str, int, np.integer)):
        raise Hint(f"The answer should be the name of a class; it is {kind(answer)}.")
    try:
        return network(name).labels.find(answer if isinstance(answer, str) else int(answer))
    except KeyError as error:
        raise Hint(str(error)) from None


def choice(answer: object, options: Sequence[str], what: str = "The answer") -> str:
    """The answer as one of several words; capitals do not matter."""
    if isinstance(answer, str) and answer.strip().lower() in options:
        return answer.strip().lower()
    it = repr(answer) if isinstance(answer, str) else kind(answer)
    raise Hint(f"{what} should be one of {', '.join(map(repr, options))}; it is {it}.")


def matched(answer: object, names: Sequence[str], what: str = "names") -> str:
    """How many numbered pictures a reader named correctly, in a string of letters. Is that better than chance?

    names: in the order of the pictures; several may share one. "A" is the first in alphabetical order, and a dot means
    no guess. what: what the names are, in the plural.
    """
    truth = np.array([chr(ord("A") + sorted(set(names), key=str.lower).index(name)) for name in names])
    guesses = np.array(list(answer.upper() if isinstance(answer, str) else ""))
    if len(guesses) != len(truth):
        raise Hint(f"The answer should be a string of {len(truth)} letters and dots, one for each picture.")
    right = rate(int((guesses == truth).sum()), len(truth))
    orders = np.random.default_rng(0).permuted(np.tile(truth, (SHUFFLES, 1)), axis=1)
    chance = ((orders == truth).sum(axis=1) >= right.k).sum()  # a dot may be a lucky letter, too
    words = f"{right} are right, and {chance:,} of {SHUFFLES:,} random orders of the {what} do as well"
    if chance > 0.05 * SHUFFLES:
        raise Hint(f"That many {what} may be right by chance. Look again, and guess at those that have a dot, too.")
    return words


def plural(things: Iterable[str]) -> str:
    """Words as a list in English: "one, two and three"."""
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
