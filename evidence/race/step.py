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
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from evidence.race.rivals import MULTIPLICATIONS, RIVALS
from evidence.report import markdown
from tricknet.paths import ROOT

OUTSIDE = ("OPENBLAS_", "ONEDNN_", "OMP_", "GOMP_", "CAFFE_FAST")  # what a user may have set for the libraries
TURNS = 8  # of each rival in each setting

Times = dict[str, list[float]]  # of each rival, milliseconds: the median of its steps in each turn


class Setting(NamedTuple):
    """On how many threads a step is measured, and whether another program has a core."""

    threads: int = 2
    taken: bool = False

    def __str__(self) -> str:
        return f"{self.threads} thread{'s' * (self.threads > 1)}" + ", a core taken" * self.taken


def main() -> None:
    """Measure and print a table for each setting."""
    with suppress(KeyboardInterrupt):  # Ctrl-C keeps the tables that are finished
        for setting in (Setting(), Setting(taken=True), Setting(threads=1)):
            print(f"\n{setting}:\n\n{table(race(RIVALS, setting, TURNS))}")


def race(names: Iterable[str], setting: Setting, turns: int) -> Times:
    """All rivals in turn. One that fails has no times, and the others go on."""
    times: Times = {name: [] for name in names}
    with ExitStack() as stack:
        rivals = {name: stack.enter_context(rival(name, setting)) for name in times}
        for process in rivals.values():
            answer(process)  # it is loaded
        if setting.taken:
            stack.enter_context(neighbour())
        for _ in tqdm(range(turns), desc=str(setting), unit="turn"):
            for name, process in rivals.items():
                time.sleep(0.2)  # until the threads of the one before have stopped spinning
                if took := answer(process, "steps\n"):
                    times[name].append(median(map(float, took.split())))
    return times


@contextmanager
def rival(name: str, setting: Setting) -> Iterator[subprocess.Popen[str]]:
    """A rival's process, which is killed at the end."""
    command = [sys.executable, "-m", "evidence.race.rivals", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    # Ctrl-C is for the driver: hence a session of their own.
    process = subprocess.Popen(command, env=environment(name, setting), cwd=ROOT, start_new_session=True, **pipes)
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


@contextmanager
def neighbour() -> Iterator[None]:
    """Another program that never rests."""
    spin = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"  # nobody may leave it behind
    with subprocess.Popen([sys.executable, "-c", spin], start_new_session=True) as program:
        try:
            yield
        finally:
            program.kill()


def environment(name: str, setting: Setting) -> dict[str, str]:
    """A rival's environment. The libraries choose their own kernels, whatever was set from outside."""
    threads = str(setting.threads)
    env = {key: value for key, value in os.environ.items() if not key.startswith(OUTSIDE)}
    env |= {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    if name in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if name == "torch":  # the libraries' own waiting times: it takes Caffe's weights, and `import caffe` sets others
        env |= {"GOMP_SPINCOUNT": "300000", "OPENBLAS_THREAD_TIMEOUT": "26"}
    if name == "torch-best":
        # Found by trying: no second set of threads, and waiting (some 25 ms, or none) that suits the neighbours.
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "0" if setting.taken else "1000000"}
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
