"""How long does one step take, forward and back to the picture, and what is the limit on this machine?

    python -m benchmarks.race [--smoke]

All rivals are processes of their own, loaded first and then asked in turn for a few steps each, so that whatever else
the machine does affects all of them. The rival "limit" is what the multiplications alone would take at the rate of this
machine's best matrix product, if each convolution were computed directly. (Winograd's method needs fewer.)

Needs Debian's python3-torch for PyTorch's rows. The row of a rival that fails stays empty, and the script says so.
"""

import argparse
import os
import platform
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from statistics import median
from typing import NamedTuple

from tqdm import tqdm

from benchmarks.output import cell, machine
from benchmarks.rivals import MULTIPLICATIONS, RIVALS
from tricknet.paths import ROOT
from tricknet.report import markdown

OUTSIDE = ("OPENBLAS_", "ONEDNN_", "OMP_", "GOMP_", "CAFFE_FAST")  # what a user may have set for the libraries
TURNS = 8  # of each rival in each column
PATIENCE = 300  # seconds until a rival that does not answer is given up

Times = dict[str, list[float]]  # of each rival, milliseconds: the median of its steps in each turn


class Column(NamedTuple):
    """On how many threads a step is measured, and whether another program has a core."""

    threads: int = 2
    taken: bool = False

    def __str__(self) -> str:
        return f"{self.threads} thread{'s' * (self.threads > 1)}" + ", a core taken" * self.taken


COLUMNS = (Column(), Column(taken=True), Column(threads=1))


def main() -> int:
    """Measure and print a table. Returns 1 if a rival has no time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="one short turn: does it run at all?")
    columns, turns = ([Column(threads=1, taken=True)], 1) if parser.parse_args().smoke else (COLUMNS, TURNS)
    where, names = machine(), [name for name in RIVALS if name != "avx2" or platform.machine() == "x86_64"]
    measured: dict[Column, Times] = {}
    with suppress(KeyboardInterrupt):  # Ctrl-C keeps the columns that are finished
        for column in columns:
            measured[column] = race(names, column, turns)
    if not measured:
        return 130
    print(f"{where}.\n\n{table(measured)}")
    missing = [f"{RIVALS[name][0]}, {column}" for column in measured for name in names if not measured[column][name]]
    for what in missing:
        print(f"Not measured: {what}.", file=sys.stderr)
    return int(bool(missing))


def race(names: list[str], column: Column, turns: int) -> Times:
    """All rivals in turn. One that fails says why, and the others go on."""
    times: Times = {name: [] for name in names}
    with ExitStack() as stack:
        rivals = {name: stack.enter_context(rival(name, column)) for name in names}
        rivals = {name: process for name, process in rivals.items() if answer(process)}
        if column.taken:
            stack.enter_context(neighbour())
        for _ in tqdm(range(turns), desc=str(column), unit="turn"):
            for name in list(rivals):
                time.sleep(0.2)  # until the threads of the one before have stopped spinning
                if took := answer(rivals[name], "steps\n"):
                    times[name].append(median(map(float, took.split())))
                else:
                    del rivals[name]
    return times


@contextmanager
def rival(name: str, column: Column) -> Iterator[subprocess.Popen[str]]:
    """A rival's process, which is killed at the end."""
    command = [sys.executable, "-m", "benchmarks.rivals", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    # Ctrl-C is for the driver: hence a session of their own.
    process = subprocess.Popen(command, env=environment(name, column), cwd=ROOT, start_new_session=True, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answer(process: subprocess.Popen[str], line: str = "") -> str:
    """Its next line, after it has been sent one. Nothing if it has ended or is silent for too long."""
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError):
        process.stdin.write(line)
        process.stdin.flush()
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    return process.stdout.readline().strip() if ready else ""


@contextmanager
def neighbour() -> Iterator[None]:
    """Another program that never rests."""
    spin = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"  # nobody may leave it behind
    with subprocess.Popen([sys.executable, "-c", spin], start_new_session=True) as program:
        try:
            yield
        finally:
            program.kill()


def environment(name: str, column: Column) -> dict[str, str]:
    """A rival's environment. The libraries choose their own kernels, whatever was set from outside."""
    threads = str(column.threads)
    env = {key: value for key, value in os.environ.items() if not key.startswith(OUTSIDE)}
    env |= {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    if name in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if name == "no-onednn":
        env["CAFFE_FAST"] = "without-onednn"
    if name == "avx2":
        env |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"}
    if name == "torch":  # the libraries' own waiting times: it takes Caffe's weights, and `import caffe` sets others
        env |= {"GOMP_SPINCOUNT": "300000", "OPENBLAS_THREAD_TIMEOUT": "26"}
    if name == "torch-best":
        # Found by trying: no second set of threads, and waiting (some 25 ms, or none) that suits the neighbours.
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "0" if column.taken else "1000000"}
    return env


def table(measured: Mapping[Column, Times]) -> str:
    """Milliseconds per step, the rate of the best matrix product, and each rival's share of the limit."""
    first = next(iter(measured.values()))
    rate = max(2 * MULTIPLICATIONS / ms / 1e6 for ms in first["limit"]) if first["limit"] else 0
    lines = [
        (title, *(cell(times[name]) for times in measured.values()), cell(shares(first, name)))
        for name, (title, _) in RIVALS.items()
        if name in first
    ]
    head = ("ms per step", *map(str, measured), f"% of the limit, {next(iter(measured))}")
    return f"The best matrix product ran at {rate:.0f} GFLOP/s.\n\n{markdown(head, lines)}"


def shares(times: Times, name: str) -> list[float]:
    """In each turn, the limit as a percentage of a rival's time."""
    return [100 * limit / ms for limit, ms in zip(times["limit"], times[name], strict=False)]


if __name__ == "__main__":
    sys.exit(main())
