"""Turns the times in benchmarks/tables (speed.csv and speed_machine.csv) into sentences and Markdown tables.

A time is the median over the turns and, in brackets, the middle half of them. A ratio is taken within each
turn, where its two sides ran one after the other, and shown in the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.machine import called
from benchmarks.speed.longer import COPIES
from benchmarks.speed.rivals import RIVALS

Rows = Sequence[Mapping[str, Any]]
Turns = dict[int, float]  # by turn, what was measured in it
ALONE, TAKEN = "alone", "a core taken"
DASH = "–"

# A column of the first table: its head, and which rows belong to it.
STEPS: dict[str, dict[str, Any]] = {
    "1 thread": {"work": "step", "batch": 1, "threads": 1, "taken": 0},
    "2 threads": {"work": "step", "batch": 1, "threads": 2, "taken": 0},
    "2 threads, a core taken": {"work": "step", "batch": 1, "threads": 2, "taken": 1},
    "16 pictures at once, 2 threads": {"work": "step", "batch": 16, "threads": 2, "taken": 0},
}
LONG = {  # what is shown for each work, and by how much its milliseconds are divided
    "eot": (f"mean gradient over {COPIES} random changes, in ms", 1),
    "sticker": ("step of a sticker on four photographs, in ms", 1),
    "dream": ("picture of a class, 250 steps, in s", 1000),
    "deep": ("dream of a photograph at four sizes, 40 steps, in s", 1000),
    "start": ("from nothing to the first gradient, in s", 1000),
}
LEARNING = {
    "plain": ("plain, 100 pictures", 1),
    "adversarial": ("adversarial, 100 pictures", 1),
    "weights too": ("GoogLeNet, gradients of picture and weights", 1),
}
QUIET = {"others": 0.05, "spread": 0.15}  # the machine was quiet if neither was more


def everything(rows: Rows, found: Mapping[str, Any]) -> str:
    """All that is known, to be printed."""
    return "\n".join((machine(rows, found), steps(rows), aims(rows, found), longer(rows), learning(rows)))


# --- Numbers ---


def measured(rows: Rows, rival: str, **where: Any) -> Turns:
    """The milliseconds of a rival in each turn of one column."""
    return {row["turn"]: row["ms"] for row in rows if row["rival"] == rival and where.items() <= row.items()}


def both(a: Turns, b: Turns, how: Callable[[float, float], float]) -> Turns:
    """What two rivals give together, turn by turn."""
    return {turn: how(a[turn], b[turn]) for turn in a if turn in b}


def quotient(a: float, b: float) -> float:
    """a / b."""
    return a / b


def cell(turns: Turns, scale: float = 1) -> str:
    """The median and, in brackets, the middle half; a median without brackets if there is one turn; a dash if none."""
    if len(turns) < 2:
        return median(turns, scale)
    low, high = (number(float(value) / scale) for value in np.percentile(list(turns.values()), (25, 75)))
    return f"{median(turns, scale)} ({low} to {high})"


def median(turns: Turns, scale: float = 1) -> str:
    """The median alone; a dash if there are no times."""
    return number(float(np.median(list(turns.values()))) / scale) if turns else DASH


def number(value: float) -> str:
    """Three digits of it, or two after the point."""
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:.{digits}f}".replace("-", "−")


# --- Sentences ---


def machine(rows: Rows, found: Mapping[str, Any]) -> str:
    """What was measured on, when, with what, and whether the machine was quiet."""
    what = f"Measured on: {called(found)}. The best matrix product ran at {found['gflops']} GFLOP/s."
    made = [found[key] for rival in ("fast", "torch-best", "limit") if (key := f"made of: {rival}") in found]
    return f"{what} Versions: {'; '.join(made)}.\n\n{quiet(rows, found)}\n"


def quiet(rows: Rows, found: Mapping[str, Any]) -> str:
    """Was the machine quiet? Others' share of the processors, and how far the matrix product's own times scatter."""
    width = scatter(rows)
    product = f"spans {width:.0%} of their median" if np.isfinite(width) else "is unknown"
    said = (
        f"the load beforehand was {found['load']}, other programs took {others(found):.0%} of the processors' time, "
        f"and the middle half of the matrix product's times {product}."
    )
    if is_quiet(rows, found):
        return f"The machine was otherwise idle: {said}"
    return f"**The machine was busy**, so these times say little, and need to be measured again: {said}"


def is_quiet(rows: Rows, found: Mapping[str, Any]) -> bool:
    """Were the times undisturbed?"""
    return others(found) <= QUIET["others"] and scatter(rows) <= QUIET["spread"]


def others(found: Mapping[str, Any]) -> float:
    """The share of the processors' time that other programs took."""
    return float(found["others"] / found["seconds"])


def scatter(rows: Rows) -> float:
    """How wide the middle half of the matrix product's times is, as a share of the median; infinite for one time."""
    times = list(measured(rows, "limit", **STEPS["2 threads"]).values())
    if len(times) < 2:
        return float("inf")
    low, median, high = np.percentile(times, (25, 50, 75))
    return float((high - low) / median)


def story(rows: Rows, found: Mapping[str, Any]) -> str:
    """The sentences with numbers at the start of caffe-cpu/how-it-got-fast.md."""
    before, now, least = (
        median(measured(rows, rival, **STEPS["2 threads"])) for rival in ("article", "trick", "limit")
    )
    busy = "" if is_quiet(rows, found) else " The machine was busy, so read the ratios."
    return (
        f"On a machine with {found['cores']} cores and {found['vectors']}, the article's loop took {before} ms "
        f"per step. A whole step of `trick`, Python included, took {now} ms in the same run, and the multiplications "
        f"alone would have taken {least} ms.{busy}\n"
    )


# --- Tables ---


def steps(rows: Rows) -> str:
    """Milliseconds per picture for one step, a row for each rival."""
    lines = [
        (name, *(cell(measured(rows, rival, **where), where["batch"]) for where in STEPS.values()))
        for rival, name in RIVALS.items()
    ]
    count = (max((len(measured(rows, rival, **where)) for rival in RIVALS), default=0) for where in STEPS.values())
    return markdown(("ms per picture", *STEPS), [*lines, ("turns", *map(str, count))])


def aims(rows: Rows, found: Mapping[str, Any]) -> str:
    """What this project wants to reach, and what it has. Where the machine was busy, nothing is judged."""
    quiet = is_quiet(rows, found)
    alone, taken = STEPS["2 threads"], STEPS["2 threads, a core taken"]
    lines = []
    for what, aim, a, b, how in AIMS:
        now = [both(measured(rows, a, **where), measured(rows, b, **where), how) for where in (alone, taken)]
        lines.append((what, f"{aim[0]} {aim[1]}", *map(cell, now), reached(now[0], *aim, quiet)))
    for rival in ("trick", "fast", "no-onednn"):
        now = [measured(rows, rival, **where) for where in (taken, alone)]
        slower = {0: float(np.divide(*(np.median(list(turns.values())) for turns in now)))} if all(now) else {}
        what = f"{RIVALS[rival]}: a core taken ÷ alone"
        lines.append((what, "at most 2", "", cell(slower), reached(slower, "at most", 2, quiet)))
    return markdown(("", "aim", ALONE, TAKEN, "reached"), lines)


AIMS = (
    ("a whole step of `trick` ÷ the multiplications alone", ("at most", 1.3), "trick", "limit", quotient),
    ("PyTorch at its best ÷ a whole step of `trick`", ("at least", 2.5), "torch-best", "trick", quotient),
    ("Python's share of a step of `trick`, in ms", ("at most", 1), "python", "python", lambda share, _: share),
    ("without oneDNN ÷ Caffe's own layers", ("at most", 0.6), "no-onednn", "stock", quotient),
)


def reached(turns: Turns, kind: str, aim: float, quiet: bool) -> str:
    """Does the median, as it is shown, reach the aim?"""
    if not (turns and quiet):
        return DASH
    median = round(float(np.median(list(turns.values()))), 2)
    return "yes" if (median <= aim if kind == "at most" else median >= aim) else "no"


def longer(rows: Rows) -> str:
    """What readers wait for besides a step."""
    return grouped(rows, LONG)


def learning(rows: Rows) -> str:
    """Milliseconds for one step of learning, whatever the number of pictures."""
    return grouped(rows, LEARNING)


def grouped(rows: Rows, works: Mapping[str, tuple[str, float]]) -> str:
    """A row for each work and rival, alone and with a core taken."""
    lines = []
    for work, (title, scale) in works.items():
        for rival, name in RIVALS.items():
            now = [measured(rows, rival, work=work, taken=taken) for taken in (0, 1)]
            if any(now):
                lines.append((title, name.removeprefix("our step, "), *(cell(turns, scale) for turns in now)))
                title = ""
    return markdown(("", "", ALONE, TAKEN), lines)


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ("---",) * len(head), *lines))
