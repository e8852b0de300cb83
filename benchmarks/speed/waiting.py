"""How long should a waiting thread spin before it sleeps? A step's time and sleeps, for several numbers.

    python -m benchmarks.speed.waiting [--turns 12]

Each number of spins has a process of its own, with its own GOMP_SPINCOUNT. The processes take steps in turn, first
alone, then while another program keeps a core busy. benchmarks/tables/waiting.csv gets a row for each number and turn
in both cases, and waiting_machine.csv the machine. Sleeps are counted for all threads and all steps of a turn, the
first included, which is not timed.
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
from benchmarks.speed.race import Column, Rival, also_taken, at_work, row
from benchmarks.speed.report import ALONE, TAKEN, Turns, cell, markdown, median, others
from benchmarks.speed.rivals import STEPS
from tricknet.evidence import save_table

SPINS = (0, 200, 400, 600, 1000, 2000, 10_000, 300_000)  # the last is the default of GNU's OpenMP
OURS = 600  # caffe-cpu/python/__init__.py


def main() -> int:
    """Measure, store and print the table. Returns 1 if a process failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=12, help="of each process, in each of the two cases (default: 12)")
    turns, found = max(1, parser.parse_args().turns), machine() | {"others": 0.0, "seconds": 0.0}
    try:
        rows = [one for column in also_taken(Column("step", ("fast",))) for one in measured(column, turns, found)]
    except KeyboardInterrupt:
        rows = []
    if len(rows) < 2 * len(SPINS) * turns:
        print("waiting: interrupted, or a process failed (its error is above): nothing is stored.", file=sys.stderr)
        return 1
    save_table("waiting", rows)
    store("waiting_machine", found)
    print(text(rows, found))
    return 0


def measured(column: Column, turns: int, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each number of spins and turn, until a process fails. `found` learns what others took meanwhile."""
    rivals = {spins: Rival("fast", column, smoke=False, more={"GOMP_SPINCOUNT": str(spins)}) for spins in SPINS}
    with at_work(list(rivals.values()), column, found):
        for turn in tqdm(range(turns), unit="turn", desc=TAKEN if column.taken else ALONE):
            for spins, rival in rivals.items():
                time.sleep(0.2)  # until the threads of the one before have stopped spinning
                before = sleeps(rival.process.pid)
                if not (times := rival.steps()):
                    return
                slept = (sleeps(rival.process.pid) - before) / STEPS
                ms = row(column, rival.name, turn, times)["ms"]
                yield {"spins": spins, "taken": int(column.taken), "turn": turn, "ms": ms, "sleeps": slept}


def sleeps(process: int) -> int:
    """How often the threads of a process have gone to sleep so far, for whatever reason."""
    statuses = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/status")]
    lines = [line for status in statuses for line in status.splitlines() if line.startswith("voluntary_ctxt_switches")]
    return sum(int(line.split()[1]) for line in lines)


def text(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> str:
    """What how-it-got-fast.md says of the rows of waiting.csv: a table, and how good our number of spins is."""
    if not rows:
        return ""
    alone, taken, slept = by_spins(rows, 0, "ms"), by_spins(rows, 1, "ms"), by_spins(rows, 0, "sleeps")
    head = ("spins before a sleep", "sleeps per step, alone", f"ms per step, {ALONE}", f"ms per step, {TAKEN}")
    lines = [(f"{spins:,}", median(slept[spins]), cell(alone[spins]), cell(taken[spins])) for spins in sorted(alone)]
    return (
        f"Measured on: {called(found)}, while other programs used {others(found):.0%} of the processors' time.\n\n"
        f"{markdown(head, lines)}\n"
        f"We chose {OURS} spins. Alone, a step then lasts {longer(alone):.0%} longer than with the best of these "
        f"numbers, and with a core taken {longer(taken):.0%} longer.\n"
    )


def by_spins(rows: Sequence[Mapping[str, Any]], taken: int, what: str) -> dict[int, Turns]:
    """What was measured in each turn, for each number of spins."""
    found: dict[int, Turns] = {}
    for one in rows:
        if one["taken"] == taken:
            found.setdefault(one["spins"], {})[one["turn"]] = one[what]
    return found


def longer(times: Mapping[int, Turns]) -> float:
    """By what share a step with our number of spins lasts longer than with the best. times: by number of spins."""
    medians = {spins: float(np.median(list(turns.values()))) for spins, turns in times.items()}
    return medians[OURS] / min(medians.values()) - 1


if __name__ == "__main__":
    sys.exit(main())
