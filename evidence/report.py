"""The tables of a lesson's page of evidence, in Markdown, counted from the rows that its experiment has measured."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tricknet.counting import Row, Value, holm, interval, mcnemar, rate

type Pair = tuple[Row, Row]  # two settings: what the columns hold in the rows of each
type Cell = Callable[[list[Row]], Said]  # what a cell says of its rows


class Said(NamedTuple):
    """What a cell says. n: of how many rows, if its text does not say so."""

    text: str
    n: int | None = None

    def __str__(self) -> str:
        return f"{self.text}{_of(self.n)}"


def count(column: str, *values: Value) -> Cell:
    """In how many of the rows the column holds one of the values (by default 1): k of n with its interval."""
    return lambda rows: Said(_rate(sum(row[column] in (values or (1,)) for row in rows), len(rows)))


def total(k: str, n: str | int) -> Cell:
    """Of rows that are counts already: the sum of column k, of that of column n, or of n for each row."""
    return lambda rows: Said(
        _rate(round(sum(row[k] for row in rows)), sum(row[n] if isinstance(n, str) else n for row in rows))
    )


def mean(column: str, digits: int = 2) -> Cell:
    """The column's mean with its interval, and the number of rows; of fewer than five, the values themselves."""

    def cell(rows: list[Row]) -> Said:
        values = [float(row[column]) for row in rows]
        if len(values) < 5:
            return Said("; ".join(f"{value:.{digits}f}" for value in values))
        low, high = interval(values)
        return Said(f"{np.mean(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})", len(rows))

    return cell


def median(column: str, digits: int = 0) -> Cell:
    """The column's median, its least and its greatest value, and the number of rows."""

    def cell(rows: list[Row]) -> Said:
        low, middle, high = np.percentile([float(row[column]) for row in rows], (0, 50, 100))
        return Said(f"{middle:.{digits}f} (from {low:.{digits}f} to {high:.{digits}f})", len(rows))

    return cell


def melt(rows: Iterable[Row], columns: Iterable[str], *, name: str = "change", value: str = "value") -> list[Row]:
    """A row for each of these columns of each row: `name` says which column it is, and `value` what it holds."""
    columns = list(columns)
    return [row | {name: column, value: row[column]} for row in rows for column in columns]


def tabulate(rows: Sequence[Row], down: Sequence[str], cells: Mapping[str, Cell], *, across: Sequence[str] = ()) -> str:
    """A table: a line for each group of rows that agree in the columns `down`, and in it each of the cells.

    across: columns by whose values the rows of a line are told apart, each group with its own cells beside the others.
    """
    beside = _groups(rows, across)
    head = [*down, *(", ".join(filter(None, [_words(across, place), what])) for place in beside for what in cells)]
    lines = []
    for values, mine in _groups(rows, down).items():
        here = _groups(mine, across)
        said = [cell(here[place]) if place in here else Said("–") for place in beside for cell in cells.values()]
        lines.append([*(Said(str(value)) for value in values), *said])
    for i, column in enumerate(zip(*lines, strict=True)):  # an n that all cells of a column share stands in its heading
        if len({one.n for one in column}) == 1:
            head[i] += _of(column[0].n)
            for line in lines:
                line[i] = Said(line[i].text)
    return markdown(head, [list(map(str, line)) for line in lines])


def compare_counts(
    rows: Sequence[Row], by: Sequence[str], pairs: Sequence[Pair], *, counted: Sequence[Value], case: str = "picture"
) -> str:
    """A table of paired tests: in each group of rows that agree in `by`, each pair of settings on the same cases.

    counted: a column, and the values that count there, as `count` takes them. case: the column that tells cases apart.
    A pair that a group does not hold is left out.

    Raises ValueError if two settings were not measured on the same cases.
    """
    column, *values = counted
    hits = [row | {"hit": float(row[str(column)] in (values or (1,)))} for row in rows]
    lines, ps = [], []
    for place, names, a, b in _pair(hits, by, pairs, "hit", case):
        counts = [f"{name}: {sum(both):.0f} of {len(both)}" for name, both in zip(names, (a, b), strict=True)]
        alone = [str(sum(x > y for x, y in zip(*both, strict=True))) for both in ((a, b), (b, a))]
        ps.append(mcnemar([x == 1 for x in a], [y == 1 for y in b]))
        lines.append([*place, *counts, *alone])
    corrected = [[*line, f"{p:.2g}", f"{q:.2g}"] for line, p, q in zip(lines, ps, holm(ps), strict=True)]
    head = [*by, "first", "second", "only the first", "only the second", "McNemar's p", "Holm's p"]
    return markdown(head, corrected)


def compare_means(
    rows: Sequence[Row],
    by: Sequence[str],
    pairs: Sequence[Pair],
    *,
    column: str,
    case: str = "picture",
    digits: int = 2,
) -> str:
    """A table of mean differences, first minus second, on the same cases, with their intervals.

    by, pairs and case are as in `compare_counts`. Where a setting has several rows of a case, such as one for each
    seed, their mean counts.
    """
    lines = []
    for place, names, a, b in _pair(rows, by, pairs, column, case):
        cases = [{"difference": x - y} for x, y in zip(a, b, strict=True)]
        lines.append([*place, *names, str(mean("difference", digits)(cases))])
    return markdown([*by, "first", "second", "first minus second"], lines)


def _pair(
    rows: Sequence[Row], by: Sequence[str], pairs: Sequence[Pair], column: str, case: str
) -> Iterator[tuple[list[str], list[str], list[float], list[float]]]:
    """(the group, the names of the two settings, the values of the first, those of the second on the same cases)."""
    for place, group in _groups(rows, by).items():
        for pair in pairs:
            cases = [_groups((row for row in group if which.items() <= row.items()), [case]) for which in pair]
            if not all(cases):
                continue
            if cases[0].keys() != cases[1].keys():
                raise ValueError(f"{pair[0]} and {pair[1]} were not measured on the same cases, so no test pairs them.")
            a, b = ([float(np.mean([row[column] for row in one[key]])) for key in cases[0]] for one in cases)
            names = [_words(list(which), list(which.values())) for which in pair]
            yield list(map(str, place)), names, a, b


def fill_page(page: str, tables: Sequence[str]) -> str:
    """A page with these tables in place of its own, in their order. Raises ValueError unless it has as many."""
    parts = re.split(r"((?:^\|.*\n)+)", page, flags=re.MULTILINE)
    if len(parts) != 2 * len(tables) + 1:
        raise ValueError(f"The page has {len(parts) // 2} tables, but it needs {len(tables)}. Write a | for each.")
    parts[1::2] = [f"{table}\n" for table in tables]
    return "".join(parts)


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of cells, with names in words: held out, not held_out."""
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *lines))
    return re.sub(r"(?<=[a-z])_(?=[a-z])", " ", table)


def _groups(rows: Iterable[Row], columns: Sequence[str]) -> dict[tuple[Value, ...], list[Row]]:
    """Rows by what they hold in these columns, in the order in which they come."""
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups


def _words(columns: Iterable[str], values: Iterable[Value]) -> str:
    """Values in a line; each number follows the name of its column."""
    return ", ".join(v if isinstance(v, str) else f"{c} {v}" for c, v in zip(columns, values, strict=True))


def _of(n: int | None) -> str:
    return f", n = {n}" if n else ""


def _rate(k: int, n: int) -> str:
    return f"{k} of {n} ({rate(k, n).interval})"
