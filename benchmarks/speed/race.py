"""How long does one step take, forward and back to the picture, and what is the limit on this machine?

    python -m benchmarks.speed.race [--smoke]

All rivals of a column are processes of their own, loaded first and then asked in turn for a few steps each, so that
whatever else the machine does affects all of them. benchmarks/tables/speed.csv gets a row for each rival and turn (the
median of its steps there), and speed_machine.csv what they ran on; both are written after each column, so what an
interrupted run has measured is kept. The rival "limit" is what the multiplications alone would take at the rate
of this machine's best matrix product, if each convolution were computed directly. (Winograd's method needs fewer.)

Needs Debian's python3-torch for PyTorch's rows, and leaves them out without it.
"""

import argparse
import itertools
import os
import platform
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from benchmarks.machine import Others, machine, store
from benchmarks.speed.report import everything
from benchmarks.speed.rivals import MISSING, MULTIPLICATIONS, RIVALS, WORKS, be_rival
from tricknet.evidence import save_table

OURS = ("stock", "no-onednn", "avx2", "fast")
LEARNERS = (*OURS, "torch", "torch-best", "limit")
BOTH = ("stock", "fast", "torch-best")
TORCH = ("torch", "torch-best")
# What a user may have set for the libraries.
OUTSIDE = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "OPENBLAS_THREAD_TIMEOUT",
    "ONEDNN_MAX_CPU_ISA",
    "OMP_WAIT_POLICY",
    "GOMP_SPINCOUNT",
    "CAFFE_FAST",
)
PATIENCE = 300  # seconds until a rival that does not answer is given up
PATIENT = 4  # on a slow machine, a column may take this many times as long as it should


class Column(NamedTuple):
    """What is measured: which work, by whom, of how many pictures at once, on how many threads, with a core taken?"""

    work: str
    rivals: Sequence[str]
    batch: int = 1
    threads: int = 2
    taken: bool = False
    seconds: float = 10  # long enough, if there were at least so many turns:
    fewest: int = 5

    def __str__(self) -> str:
        threads = f"{self.threads} thread{'s' * (self.threads > 1)}"
        return f"{self.work}, {self.batch} x {threads}{', core taken' * self.taken}"

    def where(self) -> dict[str, Any]:
        """What its rows have in common."""
        return {"work": self.work, "batch": self.batch, "threads": self.threads, "taken": int(self.taken)}


def also_taken(column: Column) -> tuple[Column, Column]:
    """The same again, while another program has a core."""
    return column, column._replace(taken=True)


COLUMNS = (  # what matters most comes first
    *also_taken(Column("step", tuple(RIVALS), seconds=40)),
    Column("step", tuple(RIVALS), threads=1, seconds=30),
    *also_taken(Column("eot", OURS)),
    *also_taken(Column("sticker", BOTH)),
    *also_taken(Column("plain", LEARNERS, batch=100)),
    *also_taken(Column("adversarial", LEARNERS, batch=100)),
    *also_taken(Column("weights too", LEARNERS)),
    Column("step", ("stock", "fast", "trick", "torch-best", "limit"), batch=16),
    Column("start", ("stock", "fast"), fewest=3, seconds=3),
    *also_taken(Column("dream", ("fast", "torch-best"), fewest=1, seconds=0)),
    Column("deep", ("fast", "torch-best"), fewest=1, seconds=0),
)
# Each rival once with a core taken, and each kind of work once.
SMOKE = tuple(
    column._replace(
        fewest=1, seconds=0, rivals=[r for r in column.rivals if column.taken or r in ("fast", "torch-best")]
    )
    for column in COLUMNS
    if column == COLUMNS[1] or (column.work != "step" and not column.taken)
)


def main() -> int:
    """Measure everything and store it, or be one of the rivals. Returns 1 if a rival that is here has no time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="one turn, nothing is stored: does it run at all?")
    parser.add_argument("--rival", choices=RIVALS, help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rival:
        be_rival(options.rival, options.work, options.batch, options.smoke)
        return 0
    rows: list[dict[str, Any]] = []
    without: list[str] = []
    found = machine() | {"seconds": 0.0, "others": 0.0, "gflops": 0.0}
    columns = [column for column in (SMOKE if options.smoke else COLUMNS) if column.threads <= (os.cpu_count() or 1)]
    try:
        for column in (bar := tqdm(columns, unit="column")):
            bar.set_description(str(column))
            rows += measure(column, found, options.smoke)
            without += unmeasured(column, rows)
            if not options.smoke:
                save_table("speed", rows)
                store("speed_machine", found)
    except KeyboardInterrupt:
        print("Interrupted. The columns before this one are kept.", file=sys.stderr)
    print(everything(rows, found) if rows else "Nothing was measured.")
    for what in without:
        print(f"Not measured: {what}.", file=sys.stderr)
    return int(bool(without))


def unmeasured(column: Column, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rivals that have no time in a column. PyTorch may be missing, but not with REQUIRE_ALL, as in CI."""
    torch = bool(os.environ.get("REQUIRE_ALL")) or any(row["rival"] in TORCH for row in rows)
    return [
        f"{column}: {RIVALS[name]}"
        for name in here(column)
        if (torch or name not in TORCH)
        and not any((column.where() | {"rival": name}).items() <= row.items() for row in rows)
    ]


# --- The driver ---


class Rival:
    """A process that takes a few steps whenever it is asked. One that fails says so, and the others go on."""

    def __init__(self, name: str, column: Column, smoke: bool, more: Mapping[str, str] | None = None) -> None:
        """more: variables to add to its environment, or to change there."""
        words = ("--rival", name, "--work", column.work, "--batch", str(column.batch), *["--smoke"] * smoke)
        self.name, self.failed = name, False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.speed.race", *words],
            env=environment(name, column.threads, column.taken) | dict(more or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the driver, which ends its rivals
        )

    def hear(self) -> str:
        """Its next line. One that has ended, is silent for too long or has nothing to run on is given up."""
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline().strip() if ready else ""
        if line in ("", MISSING):
            self.give_up(line or "failed")
        return line

    def give_up(self, why: str) -> None:
        """Ask it no more."""
        self.failed = True
        self.process.kill()
        tqdm.write(f"{RIVALS[self.name]}: {why}", file=sys.stderr)

    def steps(self) -> list[float]:
        """The seconds of each of a few steps; none if it fails."""
        with suppress(BrokenPipeError):  # its end is heard of next
            print("steps", file=self.process.stdin, flush=True)
        answer = "" if self.failed else self.hear()
        try:
            return [float(word) for word in answer.split()]
        except ValueError:
            self.give_up(f'said "{answer}" instead of its times')
            return []

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def measure(column: Column, found: dict[str, Any], smoke: bool = False) -> list[dict[str, Any]]:
    """A row for each rival and turn, all rivals in turn. `found`, the machine, learns what others took meanwhile."""
    rivals = [Rival(name, column, smoke) for name in here(column)]
    rows = []
    with at_work(rivals, column, found):
        for turn in turns(column):
            for rival in rivals:
                if not rival.failed:
                    time.sleep(0.2)  # until the threads of the one before have stopped spinning
                    if times := rival.steps():
                        rows.append(row(column, rival.name, turn, times))
    rates = [2 * column.batch * MULTIPLICATIONS[column.work] / r["ms"] / 1e6 for r in rows if r["rival"] == "limit"]
    found["gflops"] = round(max([found["gflops"], *rates]))
    return rows


@contextmanager
def at_work(rivals: Sequence[Rival], column: Column, found: dict[str, Any]) -> Iterator[None]:
    """All rivals are loaded, and another program has a core if one is to be taken. At the end all of them are ended.

    `found`, the machine, learns what the rivals are made of, and what others took meanwhile.
    """
    try:
        for rival in rivals:
            note = rival.hear()
            if not rival.failed:
                found.setdefault(f"made of: {rival.name}", note)
        with neighbour(column.taken) as taken:
            others = Others([*(rival.process.pid for rival in rivals if not rival.failed), *taken])
            yield
            theirs, whole = others.seconds()
    finally:
        for rival in rivals:
            rival.end()
    found["others"], found["seconds"] = round(found["others"] + theirs, 1), round(found["seconds"] + whole, 1)


def here(column: Column) -> list[str]:
    """The rivals that can be tried on this kind of processor."""
    return [name for name in column.rivals if name != "avx2" or platform.machine() == "x86_64"]


def turns(column: Column) -> Iterator[int]:
    """0, 1, 2, ... until it has taken long enough and there are enough of them, or it has taken far too long."""
    start = time.monotonic()
    for turn in itertools.count():
        seconds = time.monotonic() - start
        if turn and seconds >= column.seconds * (1 if turn >= column.fewest else PATIENT):
            return
        yield turn


def row(column: Column, rival: str, turn: int, seconds: list[float]) -> dict[str, Any]:
    """What is stored of a rival's turn. The milliseconds are those of a whole step, however many pictures it has."""
    return column.where() | {"rival": rival, "turn": turn, "ms": round(1000 * float(np.median(seconds)), 3)}


@contextmanager
def neighbour(taken: bool) -> Iterator[list[int]]:
    """Another program that never rests, if a core is to be taken: gives its process, in a list."""
    if not taken:
        yield []
        return
    spin = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"  # nobody may leave it behind
    program = subprocess.Popen([sys.executable, "-c", spin], start_new_session=True)
    try:
        yield [program.pid]
    finally:
        program.kill()
        program.wait()


def environment(rival: str, threads: int, taken: bool) -> dict[str, str]:
    """The environment of one rival. The libraries choose their own kernels, whatever was set from outside."""
    env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    if rival in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if rival in ("no-onednn", "no-winograd"):
        env["CAFFE_FAST"] = rival.replace("no-", "without-")
    if rival == "avx2":
        env |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"}
    if rival == "torch":  # the libraries' own waiting times: it takes Caffe's weights, and `import caffe` sets others
        env |= {"GOMP_SPINCOUNT": "300000", "OPENBLAS_THREAD_TIMEOUT": "26"}
    if rival == "torch-best":
        # Found by trying: no second set of threads, and waiting (some 25 ms, or none) that suits the neighbours.
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "0" if taken else "1000000"}
    return env


if __name__ == "__main__":
    sys.exit(main())
