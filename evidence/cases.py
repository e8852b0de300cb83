"""What experiments share: photographs with a target each, rows that are measured once and kept, and a command line.

A setting is what rows were measured with. Every row of the table NAME.csv names its setting, and is saved as soon as
that is done. Settings that are there already are not measured again, so a long measurement can be stopped and resumed;
delete the file to begin anew.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from evidence import report
from tricknet import Classifier, files, images, load
from tricknet.arrays import Picture
from tricknet.evidence import Row, Tables, Value
from tricknet.paths import ROOT

SETS = {"evidence": images.EVIDENCE, "held_out": images.HELD_OUT}

type Maker = Callable[[], Iterable[Row] | None]  # gives a table's rows, or nothing if it has kept what it made


class Case(NamedTuple):
    """A photograph, the network's first answer to it, and another class, at random, to aim at."""

    name: str
    picture: Picture
    first: int
    target: int


def cases(model: Classifier, names: Iterable[str], seed: int = 0) -> tuple[npt.NDArray[np.uint8], list[int]]:
    """(photographs, one target for each): a random class that is not among the network's first five answers."""
    names = tuple(names)
    photographs, targets = images.load_all(names), []
    for name, prediction in zip(names, model.predict(list(photographs)), strict=True):
        random = np.random.default_rng([seed, *name.encode()])  # by name, whatever other pictures are asked for
        likeliest = set(np.argsort(prediction.probabilities)[-5:])
        targets.append(next(int(c) for c in random.permutation(len(prediction.probabilities)) if c not in likeliest))
    return photographs, targets


def of_both_sets(maker: Callable[[Classifier, str], Iterable[Row]]) -> Iterator[Row]:
    """The rows that a maker gives of each set of SETS, by GoogLeNet."""
    model = load("GoogLeNet")
    for group in SETS:
        yield from maker(model, group)


def main(
    about: str | None, table: Tables, makers: Mapping[str, Maker], contents: Callable[[], Mapping[str, Sequence[str]]]
) -> None:
    """An experiment's command line: make the tables that it names, or all of them, and the page, LESSON.md.

    about: the experiment's docstring. contents: what the page shows of each table, as `report.page` takes it.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=list(makers), help="which tables (default: all of them)")
    parser.add_argument("--page", action="store_true", help="rewrite the page from the existing tables")
    options = parser.parse_args()
    for name in options.tables or ([] if options.page else makers):
        rows: list[Row] = []
        with suppress(KeyboardInterrupt):  # it writes those that there are
            rows.extend(makers[name]() or ())
        if rows:
            print(f"wrote {table.save(name, rows)}")
    path = ROOT / "evidence" / f"{table.name}.md"
    print(f"wrote {files.write(path, report.page(table, about or '', contents()).encode())}")


def saved(table: Tables, name: str) -> list[Row]:
    """The rows of a table so far."""
    try:
        return table(name)
    except FileNotFoundError:
        return []


def crossed(**values: Iterable[Value]) -> list[Row]:
    """A setting for each combination of these values, of which the last ones change first."""
    return [dict(zip(values, each, strict=True)) for each in product(*values.values())]


def measure(table: Tables, name: str, settings: Iterable[Row], how: Callable[..., list[Row]]) -> None:
    """Add what is missing: `how` takes a setting by its names, and gives its rows. Ctrl-C keeps what is done."""
    done = saved(table, name)
    missing = [setting for setting in settings if not any(setting.items() <= row.items() for row in done)]
    with suppress(KeyboardInterrupt):
        for setting in (bar := tqdm(missing, disable=not missing)):
            bar.set_description(", ".join(map(str, setting.values())))
            rows = [setting | row for row in how(**setting)]
            table.save(name, saved(table, name) + rows)  # read again: two processes may share the work
