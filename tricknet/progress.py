"""How far a loop has got: a bar in a notebook or a terminal, but one line in a file or a pipe, which keep every bar."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from tqdm.auto import tqdm

PATIENCE = 5  # seconds: a loop that takes less, before the line and after it, needs none
NOTEBOOK = any(kind.__module__ == "tqdm.notebook" for kind in tqdm.__mro__)


def bar(steps: Iterable[Any] | None = None, *, delay: float = 1, **options: Any) -> Any:
    """These steps, to loop over, or else something with `update` and `close`.

    delay: seconds without a bar. options: those of tqdm, such as `desc` and `total`.
    """
    if NOTEBOOK or sys.stderr.isatty():
        return tqdm(steps, leave=False, delay=delay, **options)
    return Line(steps, **options)


class Line:
    """One line, once it is known how long the rest will take."""

    def __init__(self, steps: Iterable[Any] | None, *, desc: str = "", total: int | None = None, unit: str = "step"):
        self._steps, self._name, self._total = steps, desc or f"{unit}s", total or getattr(steps, "__len__", int)()
        self._done, self._start, self._said = 0, time.monotonic(), False

    def __iter__(self) -> Iterator[Any]:
        for step in self._steps or ():
            yield step
            self.update()

    def update(self, n: int = 1) -> None:
        """So many more steps are done."""
        self._done += n
        took = time.monotonic() - self._start
        if self._said or took < PATIENCE:
            return
        self._said = True
        if (left := took * (self._total / self._done - 1)) >= PATIENCE:
            words = f"{self._name}: {self._done} of {self._total} done, about {left:.0f} seconds to go."
            print(words, file=sys.stderr, flush=True)

    def close(self) -> None:
        """There is nothing to close."""
