"""How long does one step take, forward and back to the picture, and what is the limit on this machine?

    python -m evidence.race.step

All rivals are processes of their own, loaded first and then asked in turn for a few steps each, so that whatever else
the machine does affects all of them. The rival "limit" is what the multiplications alone would take at the rate of this
machine's best matrix product, if each convolution were computed directly. (Winograd's method needs fewer.)

Needs Debian's python3-torch for PyTorch's rows. A rival that fails says why, and its row stays empty.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from statistics import median

import numpy as np
from tqdm import tqdm

from evidence.race.rivals import MULTIPLICATIONS, RIVALS
from evidence.report import markdown
from tricknet.paths import ROOT

OUTSIDE = ("OPENBLAS_", "ONEDNN_", "OMP_", "GOMP_", "CAFFE_FAST")  # what a user may have set for the libraries
TURNS = 8  # of each rival in each setting

Times = dict[str, list[float]]  # of each rival, milliseconds: the median of its steps in each turn


def main() -> None:
    """Measure and print a table for each number of threads."""
    with suppress(KeyboardInterrupt):  # Ctrl-C keeps the tables that are finished
        for threads in (2, 1):
            print(f"\nOn {threads}:\n\n{table(race(RIVALS, threads, TURNS))}")


def race(names: Iterable[str], threads: int, turns: int) -> Times:
    """All rivals in turn. One that fails has no times, and the others go on."""
    times: Times = {name: [] for name in names}
    with ExitStack() as stack:
        rivals = {name: stack.enter_context(rival(name, threads)) for name in times}
        for process in rivals.values():
            answer(process)  # it is loaded
        for _ in tqdm(range(turns), desc=f"{threads} threads", unit="turn"):
            for name, process in rivals.items():
                time.sleep(0.2)  # until the threads of the one before have stopped spinning
                if took := answer(process, "steps\n"):
                    times[name].append(median(map(float, took.split())))
    return times


@contextmanager
def rival(name: str, threads: int) -> Iterator[subprocess.Popen[str]]:
    """A rival's process, which is killed at the end."""
    command = [sys.executable, "-m", "evidence.race.rivals", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    # Ctrl-C is for the driver: hence a session of their own.
    process = subprocess.Popen(command, env=environment(name, threads), cwd=ROOT, start_new_session=True, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answer(process: subprocess.Popen[str], line: str = "") -> str:
    """Its next line, after it has been sent one. Nothing if it has ended."""
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError):
        process.stdin.write(line)
        process.stdin.flush()
    return process.stdout.readline().strip()


def environment(name: str, threads: int) -> dict[str, str]:
    """A rival's environment. The libraries choose their own kernels, whatever was set from outside."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(OUTSIDE)}
    env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    if name in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if name == "torch":  # found by trying: no second set of threads, which wait for some 25 ms
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "1000000"}
    return env


def table(times: Times) -> str:
    """The rate of the best matrix product, and each rival's milliseconds per step and share of the limit."""
    rate = max(2 * MULTIPLICATIONS / ms / 1e6 for ms in times["limit"])
    lines = [(RIVALS[name][0], cell(ms), cell(shares(times, name))) for name, ms in times.items()]
    head = ("rival", "ms per step", "% of the limit")
    return f"The best matrix product ran at {rate:.0f} GFLOP/s.\n\n{markdown(head, lines)}"


def cell(values: Sequence[float]) -> str:
    """The median and, in brackets, the middle half, to three digits; a dash if there are no values."""
    if not values:
        return "–"
    low, middle, high = (f"{float(f'{value:.3g}'):g}" for value in np.percentile(values, (25, 50, 75)))
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


def shares(times: Times, name: str) -> list[float]:
    """In each turn, the limit as a percentage of a rival's time."""
    return [100 * limit / ms for limit, ms in zip(times["limit"], times[name], strict=False)]


if __name__ == "__main__":
    main()
