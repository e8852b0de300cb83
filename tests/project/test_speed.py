"""The benchmark of speed: does its text say what its tables hold, and does it survive a rival that fails?"""

import statistics
import subprocess
import sys

import psutil
import pytest

from benchmarks import machine
from benchmarks.speed import page, waiting
from benchmarks.speed import plot as speed_plot
from benchmarks.speed import race as speed
from benchmarks.speed import report as speed_report
from benchmarks.speed.race import Column
from benchmarks.speed.rivals import RIVALS, WORKS
from benchmarks.speed.steps import text as steps_text
from tricknet import evidence

TIMES = {  # of each turn, for one picture, on two threads
    "article": (100, 120, 110, 130),
    "stock": (60, 60, 60, 60),
    "no-onednn": (30, 30, 33, 30),
    "fast": (20, 21, 22, 23),
    "trick": (20.5, 21.6, 22.7, 23.8),
    "python": (0.5, 0.6, 0.7, 0.8),
    "torch-best": (40, 60, 60, 60),
    "limit": (10, 10.2, 20, 10.1),
}
FOUND = {
    "date": "2026-01-09",
    "processor": "A Processor",
    "cores": 2,
    "vectors": "AVX2",
    "memory": 8,
    "load": 0.25,
    "system": "Linux 6.1, Python 3.13.5",
    "seconds": 200.0,
    "others": 2.0,
    "gflops": 317,
    "made of: fast": "Caffe 1.0.0",
    "made of: torch-best": "PyTorch 2.6",
}


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """The rows of TIMES as they come back from a file, and of a core taken, which doubles all but one rival's."""
    monkeypatch.setattr(evidence, "tables_folder", lambda: tmp_path)
    written = [
        speed.row(Column("step", (rival,), taken=taken), rival, turn, [0.001 * ms * (1 + taken)] * 3)
        for taken in (False, True)
        for rival, times in TIMES.items()
        for turn, ms in enumerate(times)
        if not (taken and rival == "no-onednn")
    ]
    written.append(speed.row(Column("dream", ("fast",)), "fast", 0, [6.5]))
    written.append(speed.row(Column("step", ("fast",), batch=16), "fast", 0, [0.16]))
    evidence.save_table("speed", written)
    return evidence.table("speed")


def cells(table):
    """{first cell: the other cells} of a Markdown table."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().split("\n")]
    return {first: rest for first, *rest in lines}


def test_a_turn_is_stored_as_the_median_of_its_steps():
    stored = speed.row(Column("step", ("fast",), batch=16, threads=1, taken=True), "fast", 3, [0.5, 0.1, 0.2])
    assert stored == {"work": "step", "batch": 16, "threads": 1, "taken": 1, "rival": "fast", "turn": 3, "ms": 200.0}


def test_every_work_is_measured_and_shown():
    assert (
        {column.work for column in speed.COLUMNS} == {"step", *speed_report.LONG, *speed_report.LEARNING} == set(WORKS)
    )


def test_the_table_of_steps_has_medians_and_middle_halves(rows):
    found = cells(speed_report.steps(rows))
    low, middle, high = statistics.quantiles(TIMES["article"], n=4, method="inclusive")
    assert found[RIVALS["article"]] == ["–", f"{middle:.0f} ({low:.0f} to {high:.0f})", "230 (215 to 245)", "–"]
    assert found[RIVALS["fast"]] == ["–", "21.5 (20.8 to 22.2)", "43.0 (41.5 to 44.5)", "10.0"]  # of 16, each
    assert found[RIVALS["torch"]] == ["–"] * 4 and found["turns"] == ["0", "4", "4", "1"]


def test_ratios_are_taken_within_a_turn(rows):
    _, _, limit, best, python, without, *slower = cells(speed_report.aims(rows, FOUND)).values()
    # The ratios of the turns are 2.05, 2.12, 1.14 and 2.36; the ratio of the medians would be 2.18.
    assert limit[1].startswith("2.08 (") and best[1].startswith("2.58 (")
    assert python[1].startswith("0.65 (") and python[2] == "1.30 (1.15 to 1.45)"
    assert without[1:3] == ["0.50 (0.50 to 0.51)", "–"]
    assert [row[2] for row in slower] == ["2.00", "2.00", "–"]


def test_longer_works_are_in_their_own_units(rows):
    assert "| picture of a class, 250 steps, in s | fast layers | 6.50 | – |" in speed_report.longer(rows)
    learnt = [speed.row(Column("plain", ("torch",), batch=100), "torch", turn, [0.04 + turn / 1000]) for turn in (0, 2)]
    assert "| plain, 100 pictures | PyTorch, out of the box | 41.0 (40.5 to 41.5) | – |" in speed_report.learning(
        learnt
    )


def test_nothing_is_judged_on_a_busy_machine(rows):
    calm = [row if row["rival"] != "limit" else row | {"ms": 10.0} for row in rows]
    verdicts = [row[-1] for row in list(cells(speed_report.aims(calm, FOUND)).values())[2:]]
    assert verdicts == ["no", "yes", "yes", "yes", "yes", "yes", "–"]
    said = "The machine was otherwise idle: the load beforehand was 0.25, other programs took 1% of"
    assert speed_report.quiet(calm, FOUND).startswith(said)
    # Too much for others; a product whose times scatter; one time, which cannot show that.
    for table, found in ((calm, FOUND | {"others": 11.0}), (rows, FOUND), ([r for r in calm if r["turn"] == 0], FOUND)):
        assert "**The machine was busy**" in speed_report.quiet(table, found)
        assert {row[-1] for row in list(cells(speed_report.aims(table, found)).values())[2:]} == {"–"}


def test_the_machine_and_the_day_are_said(rows):
    machine.store("some_machine", FOUND)
    assert machine.stored("some_machine") == FOUND and machine.stored("none") == {}
    said = speed_report.machine(rows, FOUND)
    assert "A Processor, 2 cores with AVX2, 8 GB of memory, Linux 6.1, Python 3.13.5, on 9 January 2026." in said
    assert "at 317 GFLOP/s. Versions: Caffe 1.0.0; PyTorch 2.6." in said
    assert "took 115 ms per step" in speed_report.story(rows, FOUND) and "took 22.1 ms in" in speed_report.story(
        rows, FOUND
    )
    assert {"date", "processor", "cores", "vectors", "memory", "load", "system"} == machine.machine().keys()


def test_the_picture_has_the_medians_and_says_them(rows):
    drawn = speed_plot.plot(rows)
    _, panel, _ = drawn.figure.axes
    dots = [line.get_xdata()[0] for line in panel.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([115, 60, 60, 30, 21.5, 22.15, 10.15])
    assert (
        "On two threads: the article's loop 115; our step on Caffe's own layers 60.0; PyTorch, at its best" in drawn.alt
    )
    assert drawn.data[:4] == b"\x89PNG" and len(drawn.data) < 100_000


@pytest.mark.long
def test_a_rival_that_fails_leaves_the_others(googlenet):
    """A start has no number of multiplications, so the process of "limit" ends with an error."""
    found = machine.machine() | {"seconds": 0.0, "others": 0.0, "gflops": 0.0}
    rows = speed.measure(Column("start", ("limit", "fast"), threads=1, fewest=1, seconds=0), found)
    assert [(row["rival"], row["turn"]) for row in rows] == [("fast", 0)]
    assert "made of: fast" in found and "made of: limit" not in found and found["seconds"] > 0


@pytest.mark.long
def test_a_rival_that_dies_gives_no_more_times():
    rival = speed.Rival("limit", Column("plain", ("limit",), threads=1), smoke=False)
    try:
        assert rival.hear().startswith("NumPy") and len(rival.steps()) == 3
        rival.process.kill()
        rival.process.wait()
        assert rival.steps() == [] and rival.failed and rival.steps() == []
    finally:
        rival.end()


def test_what_was_not_measured_is_said(monkeypatch):
    """Every rival of a column needs a time there. PyTorch may be missing everywhere, but not in CI."""
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    columns = [Column("plain", ("fast", "torch")), Column("plain", ("fast", "torch"), threads=1)]
    mine = [speed.row(column, "fast", 0, [0.1]) for column in columns]
    theirs = speed.row(columns[1], "torch", 0, [0.1])
    assert speed.unmeasured(columns[0], mine) == []
    assert speed.unmeasured(columns[0], mine[1:]) == [f"plain, 1 x 2 threads: {RIVALS['fast']}"]
    torch = [f"plain, 1 x 2 threads: {RIVALS['torch']}"]
    assert speed.unmeasured(columns[0], [*mine, theirs]) == torch
    monkeypatch.setenv("REQUIRE_ALL", "1")
    assert speed.unmeasured(columns[0], mine) == torch


def test_others_are_those_that_are_not_ours():
    spin = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", spin], stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        (_, _, without), (whole, busy, with_it) = (machine.Others(ours).clocks() for ours in ([], [program.pid]))
        program.kill()
    assert with_it - without == pytest.approx(0.5, abs=0.2) and with_it <= busy <= whole
    others = machine.Others([])
    then = others.start = (100.0, 60.0, 20.0)
    others.clocks = lambda: (then[0] + 20, then[1] + 9, then[2] + 6)
    assert others.seconds() == (3, 20)


def test_a_rival_that_ends_meanwhile_still_counts_as_ours():
    spin = "import time\ninput()\nwhile time.process_time() < 0.5: pass"  # a kernel may count in ticks of 10 ms
    with subprocess.Popen([sys.executable, "-c", spin], stdin=subprocess.PIPE) as program:
        others = machine.Others([program.pid])
        child = psutil.Process(program.pid)
        program.communicate(b"\n")
        assert not child.is_running()
        assert others.seconds()[1] > 0
        ours = others.clocks()[2] - others.start[2]  # its time is among this process's, which waited for it
        assert ours == pytest.approx(0.5, abs=0.2)


def test_the_programs_of_the_story_as_text():
    rows = [
        {"step": "1_article", "ms": 48.0, "times": 90, "difference": 0.0},
        {"step": "2_no_waste", "ms": 24.0, "times": 90, "difference": 0.0},
        {"step": "4_onednn", "ms": 16.0, "times": 90, "difference": 6e-07},
    ]
    said = steps_text(rows, FOUND)
    assert (
        "shortest processor time of 90 runs on one thread. Measured on: A Processor" in said
        and "a load of 0.25." in said
    )
    assert "| 2_no_waste | one forward pass, no gradients of weights | 24.0 | 2.00 times as fast | 0 |" in said
    assert "| 4_onednn | the convolution by oneDNN | 16.0 | 1.50 times as fast | 6e-07 |" in said


# --- How long a waiting thread spins ---


def test_sleeps_are_counted():
    """A process sleeps twenty times on request, and the count rises by twenty, or by a few more."""
    program = (
        "import time\nprint(flush=True)\ninput()\nfor _ in range(20): time.sleep(0.01)\nprint(flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        before = waiting.sleeps(process.pid)
        print(file=process.stdin, flush=True)
        process.stdout.readline()
        assert 20 <= waiting.sleeps(process.pid) - before < 40
        process.communicate("\n")


@pytest.mark.long
def test_spins_are_measured(monkeypatch):
    """Two numbers of spins, one turn: a row for each, and a thread that never spins sleeps more often."""
    monkeypatch.setattr(waiting, "SPINS", (0, 300_000))
    found = {"others": 0.0, "seconds": 0.0}
    never, long = waiting.measured(Column("step", ("fast",)), 1, found)
    assert (never["spins"], long["spins"]) == (0, 300_000) and min(never["ms"], long["ms"]) > 0 < found["seconds"]
    assert never["sleeps"] > long["sleeps"]


def test_the_table_of_spins():
    """A row for each number of spins: the medians over the turns, and the middle half of the times."""
    rows = [
        {"spins": spins, "taken": taken, "turn": turn, "ms": ms, "sleeps": 1200 / spins}
        for spins, times in ((2000, ((20, 21, 22), (90, 90, 90))), (600, ((30, 32, 34), (60, 60, 60))))
        for taken in (0, 1)
        for turn, ms in enumerate(times[taken])
    ]
    *_, first, second, _, said = waiting.text(rows, FOUND).splitlines()
    assert first == "| 600 | 2.00 | 32.0 (31.0 to 33.0) | 60.0 (60.0 to 60.0) |"
    assert second == "| 2,000 | 0.60 | 21.0 (20.5 to 21.5) | 90.0 (90.0 to 90.0) |"
    assert "Alone, a step then lasts 52% longer than" in said and "with a core taken 0% longer." in said
    assert waiting.text([], {}) == ""  # before anything was measured


def test_the_page_is_shown_by_network_and_threads_and_judged_if_the_machine_was_quiet():
    def one(turn, what, value, network="", threads=0):
        return {"turn": turn, "what": what, "network": network, "threads": threads, "value": value}

    name = ", ".join(page.NETWORKS[0])
    rows = [one(turn, "step: ms", ms, name, 2) for turn, ms in enumerate((150, 160, 200))]
    rows += [one(turn, "step: ms", ms, name, 1) for turn, ms in enumerate((300, 300, 300))]
    rows += [one(0, "cold: s", 4.5), one(0, "cold: MB", 29), one(0, "warm: s", 2), one(0, "warm: MB", 0.01)]
    said = page.text(rows, FOUND | {"browser": "Chromium 156"})
    assert "The machine was otherwise idle: the load beforehand was 0.25" in said and "in Chromium 156." in said
    assert f"| {name} | 300 (300 to 300) | 160 (155 to 180) |" in said
    assert "| cold | 4.50 | 29.0 |" in said and "| warm | 2.00 | 0.01 |" in said
    assert "| 30 steps, in s | at most 6 | 4.96 | yes |" in said and "31 times the median time of a step" in said
    assert "| first answer of a cold visit, in s | at most 4 | 4.50 | no |" in said
    busy = page.text(rows, FOUND | {"browser": "Chromium 156", "others": 20.0})
    assert "**The machine was busy**" in busy and "| at most 6 | 4.96 | – |" in busy
    assert page.text([], {}) == ""
