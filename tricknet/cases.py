"""What the benchmarks of tricks share: photographs with a target each, and rows that are measured once and kept.

A setting is the photographs (evidence or held_out), epsilon, the number of gradients and the method. Every picture is
a row of the table NAME.csv, saved as soon as its setting is done. Settings that are there already are not
measured again, so a long measurement can be stopped and resumed; delete the file to begin anew.
"""

import argparse
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tricknet import images
from tricknet.evidence import Rate, Tables, interval, mcnemar, rate
from tricknet.networks.classifier import Classifier

SETS = {"evidence": images.EVIDENCE, "held_out": images.HELD_OUT}
Row = dict[str, Any]


class Setting(NamedTuple):
    """What a row was measured with."""

    set: str
    epsilon: float
    steps: int
    method: str

    def __str__(self) -> str:
        return f"{self.set}, epsilon {self.epsilon:g}, {self.steps} gradients, {self.method}"


def cases(model: Classifier, names: Iterable[str], seed: int = 0) -> tuple[npt.NDArray[np.uint8], list[int]]:
    """(photographs, one target for each): a random class that is not among the network's first five answers."""
    names = tuple(names)
    photographs, targets = np.stack([images.load(name) for name in names]), []
    for name, said in zip(names, model.predict_all(photographs), strict=True):
        random = np.random.default_rng([seed, *name.encode()])  # by name, whatever other pictures are asked for
        likeliest = set(np.argsort(said.probabilities)[-5:])
        targets.append(next(int(c) for c in random.permutation(len(said.probabilities)) if c not in likeliest))
    return photographs, targets


def asked_for(about: str | None, makers: Iterable[str]) -> list[str]:
    """The tables that the command line names, or all that there are. An unknown one ends the script with a sentence."""
    names = list(makers)
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", metavar="table", help=f"which: {', '.join(names)} (default: all of them)")
    chosen = parser.parse_args().tables or names
    if unknown := set(chosen) - set(names):
        parser.error(f"there is no table {', '.join(unknown)}; there are {', '.join(names)}")
    return chosen


def keep(table: Tables, name: str, rows: Iterable[Row]) -> None:
    """Write rows as a table once they have all been measured. Ctrl-C writes those that there are."""
    kept: list[Row] = []
    with suppress(KeyboardInterrupt):
        kept.extend(rows)
    print(f"wrote {table.save(name, kept)}")


def saved(table: Tables, name: str) -> list[Row]:
    """The rows of a table so far."""
    try:
        return table(name)
    except FileNotFoundError:
        return []


def measure(table: Tables, name: str, settings: Iterable[Setting], how: Callable[[Setting], list[Row]]) -> None:
    """Add what is missing: `how` measures a setting, and gives a row for each of its pictures."""
    done = saved(table, name)
    missing = [setting for setting in settings if not of(done, setting)]
    for setting in (bar := tqdm(missing, disable=not missing)):
        bar.set_description(str(setting))
        rows = [setting._asdict() | row for row in how(setting)]
        table.save(name, saved(table, name) + rows)  # read again: two processes may share the work


def of(rows: list[Row], setting: Setting) -> dict[str, Row]:
    """The rows of a setting, by picture."""
    return {row["picture"]: row for row in rows if setting._asdict().items() <= row.items()}


def settings(rows: list[Row]) -> list[Setting]:
    """All settings of a table: set by set, then by epsilon and by steps, the methods in the table's order."""
    found = dict.fromkeys(Setting(*(row[field] for field in Setting._fields)) for row in rows)
    return sorted(found, key=lambda setting: setting[:3])


def hits(rows: list[Row], setting: Setting) -> Rate:
    """How many pictures became their target."""
    return rate(sum(row["hit"] for row in of(rows, setting).values()), len(of(rows, setting)))


def against(rows: list[Row], setting: Setting, rival: str) -> tuple[float, float, float] | None:
    """A setting against the same with the rival's method, on the same pictures, or None if that is not there.

    (McNemar's exact p-value of the hits, and the 95% interval of the mean difference of the target's probability)
    """
    mine, theirs = of(rows, setting), of(rows, setting._replace(method=rival))
    if setting.method == rival or mine.keys() != theirs.keys():
        return None
    p = mcnemar([row["hit"] for row in mine.values()], [theirs[picture]["hit"] for picture in mine])
    return p, *interval(row["probability"] - theirs[picture]["probability"] for picture, row in mine.items())
