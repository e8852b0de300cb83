"""How long should a waiting thread spin before it sleeps? The time and the sleeps of a step, for several answers.

    python -m benchmarks.waiting [--turns 12]

Each answer is a process of its own, with another GOMP_SPINCOUNT; they take steps in turn, first alone, then while
another program keeps a core busy. benchmarks/tables/waiting.csv gets a row for each turn, waiting_machine.csv the
machine.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.machine import called, machine, store
from benchmarks.speed import Column, Rival, also_taken, neighbour
from benchmarks.speed_report import ALONE, TAKEN, cell, markdown, number
from tricknet.evidence import save_table

SPINS = (0, 200, 400, 600, 1000, 2000, 10_000, 300_000)  # the last is OpenMP's own
STEPS = 4  # that a rival takes when it is asked


def main() -> int:
    """Measure, store and print the table. Returns 1 if a process failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=12, help="of each process, in each of the two cases (default: 12)")
    turns, found = parser.parse_args().turns, machine()
    rows = [row for column in also_taken(Column("step", ("fast",))) for row in measured(column, turns)]
    if len(rows) < 2 * len(SPINS) * turns:
        print("waiting: a process failed, so nothing is stored.", file=sys.stderr)
        return 1
    save_table("waiting", rows)
    store("waiting_machine", found)
    print(text(rows, found))
    return 0


def measured(column: Column, turns: int) -> Iterator[dict[str, Any]]:
    """A row for each answer and turn."""
    rivals = {spins: Rival("fast", column, smoke=False, more={"GOMP_SPINCOUNT": str(spins)}) for spins in SPINS}
    try:
        for rival in rivals.values():
            rival.hear()
        with neighbour(column.taken):
            for turn in tqdm(range(turns), unit="turn", desc=TAKEN if column.taken else ALONE):
                for spins, rival in rivals.items():
                    before = sleeps(rival.process.pid)
                    if times := rival.steps():
                        slept = (sleeps(rival.process.pid) - before) / STEPS
                        ms = round(1000 * float(np.median(times)), 3)
                        yield {"spins": spins, "taken": int(column.taken), "turn": turn, "ms": ms, "sleeps": slept}
    finally:
        for rival in rivals.values():
            rival.end()


def sleeps(process: int) -> int:
    """How often the threads of a process have gone to sleep so far, of their own will."""
    statuses = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/status")]
    lines = [line for status in statuses for line in status.splitlines() if line.startswith("voluntary_ctxt_switches")]
    return sum(int(line.split()[1]) for line in lines)


def text(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> str:
    """What docs/how-it-got-fast.md says of the rows of waiting.csv: where they were measured, and a table."""
    lines = []
    for spins in sorted({row["spins"] for row in rows}):
        alone, taken = ([row for row in rows if row["spins"] == spins and row["taken"] == t] for t in (0, 1))
        times = [cell({row["turn"]: row["ms"] for row in some}) for some in (alone, taken)]
        lines.append((f"{spins:,}", number(float(np.median([row["sleeps"] for row in alone]))), *times))
    head = ("spins before a sleep", "sleeps per step, alone", f"ms per step, {ALONE}", f"ms per step, {TAKEN}")
    return f"Measured on: {called(found)}, at a load of {found['load']}.\n\n{markdown(head, lines)}"


if __name__ == "__main__":
    sys.exit(main())
