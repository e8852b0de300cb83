"""What a claim about pictures rests on: rates with intervals, paired tests, and the tables of long measurements."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import files
from tricknet.paths import TABLES_FOLDER

Value = int | float | str
Row = dict[str, Any]  # of a table: a Value under each column's name


@dataclass(frozen=True)
class Rate:
    """k of n cases, and the interval from `low` to `high` (shares, 0..1) that the true share lies in."""

    k: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.k / self.n

    @property
    def interval(self) -> str:
        """In per cent: 19% to 24%."""
        return f"{_percent(self.low)} to {_percent(self.high)}"

    def __str__(self) -> str:
        return f"{self.k} of {self.n} (95% interval {self.interval})"

    __repr__ = __str__  # so that a notebook shows the sentence


def _percent(share: float) -> str:
    """Without decimals, except for what would look like none or all and is neither: 0.4%, 99.6%."""
    rest = min(share, 1 - share)
    if rest >= 0.01 or rest < 1e-9:
        return f"{share:.0%}"
    percent = float(f"{100 * rest:.1g}")
    return f"{percent if rest == share else 100 - percent:g}%"


def rate(k: int, n: int) -> Rate:
    """k of n cases with the 95% interval of Wilson (1927), which stays inside 0..1 and holds for small n too.

    Raises ValueError unless 0 <= k <= n and n is at least 1.
    """
    if not 0 <= k <= n or n < 1:
        raise ValueError(f"{k} hits among {n} cases are impossible. Give the hits and the cases, in that order.")
    from scipy import stats  # here and below: it takes 50 MB, which a lesson without rates does not need

    ends = stats.binomtest(int(k), int(n)).proportion_ci(0.95, method="wilson")
    return Rate(int(k), int(n), float(ends.low), float(ends.high))


def mcnemar(a: Sequence[bool] | npt.NDArray[np.bool_], b: Sequence[bool] | npt.NDArray[np.bool_]) -> float:
    """The two-sided p-value of "a and b succeed equally often", where a[i] and b[i] are the same case.

    McNemar (1947), exact: only the cases on which the two differ count, and each is the toss of a fair coin.
    Raises ValueError if the two are not of the same length.
    """
    first, second = np.asarray(a, dtype=bool), np.asarray(b, dtype=bool)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"A paired test needs the same cases twice: the shapes are {first.shape} and {second.shape}.")
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    if only_first + only_second == 0:
        return 1.0  # no case tells them apart
    from scipy import stats

    return float(stats.binomtest(only_first, only_first + only_second).pvalue)


def holm(ps: Sequence[float]) -> list[float]:
    """The p-values of several tests, corrected together: Holm (1979).

    If there is nothing to find in any of them, the chance that even one comes out below 0.05 stays below 0.05.
    """
    corrected, worst = [0.0] * len(ps), 0.0
    for left, at in zip(range(len(ps), 0, -1), np.argsort(ps, kind="stable"), strict=True):
        worst = max(worst, min(1.0, left * ps[at]))
        corrected[at] = worst
    return corrected


def interval(values: Iterable[float]) -> tuple[float, float]:
    """The 95% interval of the mean: the bootstrap of Efron (1987), corrected for bias and skew (BCa).

    For two methods on the same cases, give the differences: an interval without 0 is a difference.
    Raises ValueError for fewer than two values, or for values that are not finite.
    """
    sample = np.fromiter(values, dtype=float)
    if len(sample) < 2 or not np.isfinite(sample).all():
        raise ValueError("An interval for a mean needs at least two values, all of them finite. Measure more cases.")
    if np.ptp(sample) == 0:
        return float(sample[0]), float(sample[0])  # nothing varies, so no resample differs
    from scipy import stats

    ends = stats.bootstrap((sample,), np.mean, rng=np.random.default_rng(0)).confidence_interval
    return float(ends.low), float(ends.high)


@dataclass(frozen=True)
class Tables:
    """Measurements that take too long for a lesson: one CSV file each, in a folder of evidence/tables.

    A lesson's package has `table = Tables("its_name")`, and `table("steps")` gives the rows of one of them.
    """

    name: str

    @property
    def folder(self) -> Path:
        return TABLES_FOLDER / self.name

    def __call__(self, name: str) -> list[Row]:
        """The rows of a table: numbers are numbers.

        Raises FileNotFoundError, with the names that there are, if there is no such table.
        """
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            names = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv"))) or "none"
            raise FileNotFoundError(f"There is no table {name!r} in {path.parent}. The tables are: {names}.")
        with open(path, newline="", encoding="utf-8") as file:
            return [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(file)]

    def save(self, name: str, rows: Sequence[Mapping[str, Value]]) -> Path:
        """Write rows, which all have the same keys, as a table, and return its path. They come back as they were."""
        path = self.folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = csv.DictWriter(lines := io.StringIO(newline=""), list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return files.write(path, lines.getvalue().encode())


def _value(text: str) -> Value:
    """A cell of a table as the number it is, or else as its text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
