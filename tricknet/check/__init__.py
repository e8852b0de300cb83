"""Exercises that check themselves: `check("3.1", answer)` says "Yes, because …" or gives a hint.

The checks of a lesson are in its package, in check.py: one function per exercise, registered when a notebook imports
`check` from there. How to write one:

    @exercise("3.1", start="Which function makes tricks?", recipe="`check("3.1", trick(model, panda, "vulture"))`")
    def _(result: Trick) -> str:
        change = perturbation(result, limit=1)              # from answers.py: raises Hint where something is amiss
        p = ask(change.after)["vulture"]
        if p < 0.5:
            raise Hint(f"The network gives the vulture only {p:.1%}. What do more steps do?")
        return f"the network says vulture ({p:.1%}), and no value moved by more than {change.largest} out of 255"

The function takes what the learner gives, one parameter per answer. Where a parameter's type is a class (Trick, str,
dict[str, object], Callable[...]; no union, no array's type), any other answer gets a hint that says so. Where it is
`object`, look for yourself, with answers.py. The function returns what follows "Yes, because", with what it measured,
or raises `Hint`. `start` is the first hint, for an untouched stub or a missing answer, which the function never sees.
Measure the learner's own result (is it a vulture to the network? is it inside the box?) and never compare it with a
stored answer. Import what is slow inside the function; answers.py has one network for all.

Where the environment variable TRICKNET_RECORD names a file, every verdict is kept there, and says so: a row of CSV with
the time, the exercise and the verdict's state. Without it, nothing is kept.

Hints come in two stages. `start` and the words of a Hint are a push, and leave the thinking to the learner. The second
wrong answer in a row gets the recipe as well, with the code that does it. An untouched stub is not an answer.
"""

import csv
import dis
import html
import inspect
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import FunctionType
from typing import Any, get_origin

import numpy as np

from tricknet.colours import GREEN, ORANGE

Test = Callable[..., str]


class Hint(Exception):  # noqa: N818 - not an error
    """What to look at next. A check raises it if the answer is not right yet."""


@dataclass(frozen=True)
class Verdict:
    """What `check` says; `if check(…):` takes a yes. state: "right", "wrong", "missing", "unknown" or "broken"."""

    state: str
    text: str

    def __bool__(self) -> bool:
        return self.state == "right"

    def __repr__(self) -> str:
        return f"{'✓' if self else '→'} {self.text}"

    def _repr_html_(self) -> str:
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.text)).replace("\n", "<br>")
        colour, sign = (GREEN, "✓") if self else (ORANGE, "→")
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:2px 0 2px 10px">'
            f'<span aria-hidden="true">{sign}</span> {text}</div>'
        )


@dataclass
class _Exercise:
    start: str
    recipe: str
    test: Test
    takes: list[Any]  # the types of what the learner gives
    tries: int = 0  # wrong ones, in a row

    def missing(self, push: str = "") -> Verdict:
        """The first hint, for what isn't a try yet."""
        return Verdict("missing", f"{push} Hint: {self.start}".lstrip())

    def wrong(self, push: str, state: str = "wrong") -> Verdict:
        """A push and, from the second try in a row, the recipe, if there is one."""
        self.tries += 1
        return Verdict(state, f"{push}\nThe recipe: {self.recipe}" if self.recipe and self.tries > 1 else push)


_known: dict[str, _Exercise] = {}


def exercise(number: str, *, start: str, recipe: str = "") -> Callable[[Test], Test]:
    """Register the check of an exercise, such as "3.1"; `start` is the first hint, `recipe` what the second adds."""

    def register(test: Test) -> Test:
        types = [parameter.annotation for parameter in inspect.signature(test).parameters.values()]
        takes = [object if kind is inspect.Parameter.empty else get_origin(kind) or kind for kind in types]
        _known[number] = _Exercise(start, recipe, test, takes)
        return test

    return register


def exercises() -> list[str]:
    """The numbers of the exercises whose checks have been imported, in order."""
    return sorted(_known, key=lambda number: [int(part) for part in number.split(".")])


def check(number: str, *answers: Any) -> Verdict:
    """Check your answers to an exercise: `check("3.1", result)`.

    Never raises: a missing answer gets the first hint, a wrong one a different hint, and an unknown exercise the
    numbers that there are. The second wrong answer in a row gets the whole recipe as well; a missing one does not
    count, and a right one starts the count again.
    """
    number = str(number).strip()
    return _recorded(number, _checked(number, answers))


def _recorded(number: str, verdict: Verdict) -> Verdict:
    """Keep a verdict where the teacher wants it kept, and tell the learner."""
    if not (path := os.environ.get("TRICKNET_RECORD")):
        return verdict
    try:
        with open(path, "a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([datetime.now().isoformat(timespec="seconds"), number, verdict.state])
    except OSError as error:
        return replace(verdict, text=f"{verdict.text}\n(It could not be recorded in {path}: {error.strerror}.)")
    return replace(verdict, text=f"{verdict.text}\n(Recorded in {path}.)")


def _checked(number: str, answers: tuple[Any, ...]) -> Verdict:
    known = _known.get(number)
    if known is None:
        return Verdict("unknown", f'There is no exercise "{number}". The exercises are: {", ".join(exercises())}.')
    if len(answers) < len(known.takes) or _is_missing(answers):
        return known.missing()
    if len(answers) > len(known.takes):
        want = "one answer" if len(known.takes) == 1 else f"{len(known.takes)} answers"
        return known.missing(f"Exercise {number} takes {want}, but you gave {len(answers)}.")
    for n, (answer, wanted) in enumerate(zip(answers, known.takes, strict=True), 1):
        if not isinstance(answer, wanted):
            what = "The answer" if len(answers) == 1 else f"Answer {n}"
            return known.wrong(f"Not yet. {what} should be {_a(wanted)}; it is {kind(answer)}. Hint: {known.start}")
    try:
        because = known.test(*answers)
    except Hint as hint:
        return known.wrong(f"Not yet. {hint}")
    except Exception as error:  # the learner's answer is something nobody thought of: say so, and go on
        why = f"This answer could not be checked ({type(error).__name__}: {error})."
        return known.wrong(f"{why} Hint: {known.start}", "broken")
    known.tries = 0
    return Verdict("right", f"Yes, because {because}.")


def _stub() -> None: ...


def _is_missing(answer: object) -> bool:
    """Is it the stub's `...`, or None, or a function with nothing else in it, or does it hold one of those?"""
    if isinstance(answer, dict):
        return _is_missing(list(answer.values()))
    if isinstance(answer, (list, tuple)):
        return any(map(_is_missing, answer))
    return answer is None or answer is ... or (isinstance(answer, FunctionType) and _does(answer) == _does(_stub))


def _does(function: Callable[..., object]) -> list[object]:
    """What Python does when it calls a function."""
    return [(step.opname, step.argval) for step in dis.get_instructions(function)]


def kind(answer: object) -> str:
    """What an answer is, in words: "a string", "an array of float64"."""
    if isinstance(answer, np.ndarray):
        return f"an array of {answer.dtype} with the shape {answer.shape}"
    return _a(type(answer))


def _a(kind: type) -> str:
    words = {"str": "string", "dict": "dictionary", "Callable": "function", "Iterable": "list"}
    name = words.get(kind.__name__, kind.__name__)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
