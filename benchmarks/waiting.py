"""How long should a waiting thread spin before it sleeps? A step's time and sleeps, for several numbers.

    python -m benchmarks.waiting [--turns 12]

Each number of spins has a process of its own, with its own GOMP_SPINCOUNT. The processes take steps in turn, first
alone, then while another program keeps a core busy. benchmarks/tables/waiting.csv gets a row for each number and turn
in both cases, and waiting_machine.csv the machine.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.machine import called, machine, store
from benchmarks.speed import Column, Rival, also_taken, neighbour
from benchmarks.speed_report import ALONE, TAKEN, Turns, cell, markdown, median
from tricknet.evidence import save_table

SPINS = (0, 200, 400, 600, 1000, 2000, 10_000, 300_000)  # the last is the default of GNU's OpenMP
OURS = 600  # caffe-cpu/python/__init__.py
STEPS = 4  # that a rival takes when it is asked: the first is not timed, but its sleeps count


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
    """A row for each number of spins and turn."""
    rivals = {spins: Rival("fast", column, smoke=False, more={"GOMP_SPINCOUNT": str(spins)}) for spins in SPINS}
    try:
        for rival in rivals.values():
            rival.hear()
        with neighbour(column.taken):
            for turn in tqdm(range(turns), unit="turn", desc=TAKEN if column.taken else ALONE):
                for spins, rival in rivals.items():
                    time.sleep(0.2)  # until the threads of the one before have stopped spinning
                    before = sleeps(rival.process.pid)
                    if times := rival.steps():
                        slept = (sleeps(rival.process.pid) - before) / STEPS
                        ms = round(1000 * float(np.median(times)), 3)
                        yield {"spins": spins, "taken": int(column.taken), "turn": turn, "ms": ms, "sleeps": slept}
    finally:
        for rival in rivals.values():
            rival.end()


def sleeps(process: int) -> int:
    """How often the threads of a process have gone to sleep so far, for whatever reason."""
    statuses = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/status")]
    lines = [line for status in statuses for line in status.splitlines() if line.startswith("voluntary_ctxt_switches")]
    return sum(int(line.split()[1]) for line in lines)


def text(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> str:
    """What docs/how-it-got-fast.md says of the rows of waiting.csv: a table, and how good our number of spins is."""
    if not rows:
        return ""
    alone, taken, slept = by_spins(rows, 0, "ms"), by_spins(rows, 1, "ms"), by_spins(rows, 0, "sleeps")
    head = ("spins before a sleep", "sleeps per step, alone", f"ms per step, {ALONE}", f"ms per step, {TAKEN}")
    lines = [(f"{spins:,}", median(slept[spins]), cell(alone[spins]), cell(taken[spins])) for spins in sorted(alone)]
    return (
        f"Measured on: {called(found)}, at a load of {found['load']}.\n\n{markdown(head, lines)}\n"
        f"We took {OURS} spins. A step then lasts {longer(alone):.0%} longer than with the best of these numbers alone, "
        f"and {longer(taken):.0%} longer than with the best with a core taken.\n"
    )


def by_spins(rows: Sequence[Mapping[str, Any]], taken: int, what: str) -> dict[int, Turns]:
    """What was measured in each turn, for each number of spins."""
    found: dict[int, Turns] = {}
    for row in rows:
        if row["taken"] == taken:
            found.setdefault(row["spins"], {})[row["turn"]] = row[what]
    return found


def longer(times: Mapping[int, Turns]) -> float:
    """By what share a step with our number of spins lasts longer than with the best. times: by number of spins."""
    medians = {spins: float(np.median(list(turns.values()))) for spins, turns in times.items()}
    return medians[OURS] / min(medians.values()) - 1


if __name__ == "__main__":
    sys.exit(main())
