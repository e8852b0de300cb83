"""What experiments share: photographs with a target each, rows that are measured once and kept, and a command line.

What an experiment asks, and what a row of each table holds, is said on its page: evidence/NAME.md for evidence/NAME.py.

A setting is what rows were measured with. Every row of the table NAME.csv names its setting, and is saved as soon as
that is done. Settings that are there already are not measured again, so a long measurement can be stopped and resumed;
delete the file to begin anew.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from evidence.report import fill_page
from tricknet import Classifier, files, images, load
from tricknet.arrays import Picture
from tricknet.counting import Row, Tables, Value

SETS = {"evidence": images.EVIDENCE, "held_out": images.HELD_OUT}

type Maker = Callable[[], Iterable[Row] | None]  # gives a table's rows, or nothing if it has saved them


class Case(NamedTuple):
    """A photograph, the network's first answer to it, and another class, at random, to aim at."""

    name: str
    picture: Picture
    first: int
    target: int


def draw_cases(model: Classifier, names: Sequence[str], seed: int = 0) -> list[Case]:
    """Photographs, each with a random class to aim at that is not among the network's first five answers."""
    pictures, cases = images.load_all(names), []
    for name, picture, prediction in zip(names, pictures, model.predict(list(pictures)), strict=True):
        random = np.random.default_rng([seed, *name.encode()])  # by name, whatever other pictures are asked for
        likeliest = set(np.argsort(prediction.probabilities)[-5:])
        target = next(int(c) for c in random.permutation(len(prediction.probabilities)) if c not in likeliest)
        cases.append(Case(name, picture, prediction.best.index, target))
    return cases


def measure_both_sets(measure: Callable[[Classifier, str], Iterable[Row]]) -> Iterator[Row]:
    """The rows of each set of SETS, by GoogLeNet."""
    model = load("GoogLeNet")
    for group in SETS:
        yield from measure(model, group)


def main(table: Tables, makers: Mapping[str, Maker], make_tables: Callable[[], Sequence[str]]) -> None:
    """An experiment's command line: make the tables that it names, or all of them, and fill in evidence/NAME.md.

    make_tables: gives the tables of that page, in its order, and fails if the lesson's claims about them do not hold.
    """
    page = table.folder.parents[1] / f"{table.folder.name}.md"
    parser = argparse.ArgumentParser(description=f"Measures what {page.name} tells, and fills in its tables.")
    parser.add_argument("tables", nargs="*", choices=list(makers), help="which tables (default: all of them)")
    parser.add_argument("--page", action="store_true", help="fill in the page from the existing tables")
    options = parser.parse_args()
    for name in options.tables or ([] if options.page else makers):
        rows: list[Row] = []
        with suppress(KeyboardInterrupt):  # it writes those that there are
            rows.extend(makers[name]() or ())
        if rows:
            print(f"wrote {table.save(name, rows)}")
    print(f"wrote {files.write(page, fill_page(page.read_text(encoding='utf-8'), make_tables()).encode())}")


def rows_so_far(table: Tables, name: str) -> list[Row]:
    """The rows of a table that may not be there yet."""
    try:
        return table(name)
    except FileNotFoundError:
        return []


def combine(**values: Iterable[Value]) -> list[Row]:
    """A setting for each combination of these values, of which the last ones change first."""
    return [dict(zip(values, each, strict=True)) for each in product(*values.values())]


def pick(rows: Iterable[Row], column: str, **which: Value) -> list[Any]:
    """What a column holds in the rows whose other columns hold these values."""
    return [row[column] for row in rows if which.items() <= row.items()]


def complete(table: Tables, name: str, settings: Iterable[Row], measure: Callable[..., list[Row]]) -> None:
    """Add what is missing: `measure` takes a setting by its names, and gives its rows. Ctrl-C keeps what is done."""
    done = rows_so_far(table, name)
    missing = [setting for setting in settings if not any(setting.items() <= row.items() for row in done)]
    with suppress(KeyboardInterrupt):
        for setting in (bar := tqdm(missing, disable=not missing)):
            bar.set_description(", ".join(map(str, setting.values())))
            rows = [setting | row for row in measure(**setting)]
            table.save(name, rows_so_far(table, name) + rows)  # read again: two processes may share the work
