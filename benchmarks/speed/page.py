"""How long does the lab in a browser take? From an empty browser to its first answer, and for a step.

    python -m benchmarks.speed.page [--turns 5]

A local server sends the lab to a headless Chromium. benchmarks/tables/page.csv gets a row for each time, and
page_machine.csv the machine. In each turn a browser that has never been here opens the lab ("cold": s, and the MB that
the server sent), opens it again ("warm"), and takes steps of each network, on several threads and on one.
"""

import argparse
import functools
import http.server
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from tqdm import tqdm

from benchmarks.machine import Others, called, machine, store
from benchmarks.speed.report import QUIET, Turns, cell, markdown, median, others, reached
from tricknet.evidence import save_table
from tricknet.paths import ROOT

STEPS = 10  # in each turn, whose median counts
PASSES = 31  # of a trick: 30 steps, and a look at the last picture
NETWORKS = [("GoogLeNet", "half"), ("GoogLeNet", "exact"), ("SqueezeNet", "half"), ("EfficientNet-Lite0", "half")]
PATIENCE = 600_000  # milliseconds
TAKE_STEPS = """async ([name, weights, steps]) => {
    const { Network } = await import('./network.js');
    const rows = await (await fetch('networks.json')).json();
    const row = rows.find(row => row.name === name && row.weights === weights), times = [];
    const network = await Network.load(row);
    const picture = Uint8ClampedArray.from({ length: row.side ** 2 * row.channels }, () => 256 * Math.random());
    for (let i = -2; i < steps; i++) { // the first two are slower
        const before = performance.now();
        await network.gradient(picture, { inside: [23], weight: 1 });
        if (i >= 0) times.push(performance.now() - before);
    }
    network.close();
    return { threads: network.threads, ms: times.sort((a, b) => a - b)[steps >> 1] };
}"""


class Counting(http.server.SimpleHTTPRequestHandler):
    """Serves files, says nothing, and counts the bytes in the server's `sent`."""

    def log_message(self, *_: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        super().copyfile(source, outputfile)
        self.server.sent += source.tell()


@contextmanager
def served() -> Iterator[http.server.ThreadingHTTPServer]:
    """The lab, built and served; the server's `sent` counts bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([ROOT / "web" / "build.sh", folder], check=True, stdout=subprocess.DEVNULL)
        handler = functools.partial(Counting, directory=str(Path(folder, "lab")))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            server.sent = 0
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield server
            finally:
                server.shutdown()


def main() -> int:
    """Measure, store and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5, help="browsers, one after the other (default: 5)")
    turns, found, rows = parser.parse_args().turns, machine(), []
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import browser, missing

    if missing():
        sys.exit(f"page: {missing()}")
    with served() as server, browser() as chromium:
        watch = Others(child.pid for child in psutil.Process().children(recursive=True))
        with suppress(KeyboardInterrupt):
            for turn in tqdm(range(turns), unit="turn"):
                rows += measured(chromium, server, turn)
        found["others"], found["seconds"] = watch.seconds()
    found["browser"] = f"Chromium {chromium.version.split('.')[0]}"
    save_table("page", rows)
    store("page_machine", found)
    print(text(rows, found))
    return 0


def measured(chromium: Any, server: Any, turn: int) -> list[dict[str, Any]]:
    """The rows of one turn: a browser that has never been here, its second visit, and steps; then one thread."""
    address, rows = f"http://127.0.0.1:{server.server_port}/", []

    def add(what: str, value: float, name: str = "", threads: int = 0) -> None:
        rows.append({"turn": turn, "what": what, "network": name, "threads": threads, "value": round(value, 3)})

    for service_workers in ("allow", "block"):  # without them the page is not isolated and has one thread
        context = chromium.new_context(service_workers=service_workers)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        for visit in ("cold", "warm") if service_workers == "allow" else ():
            before, start = server.sent, time.monotonic()
            page.goto(address, wait_until="commit")
            page.locator("#message", has_text="Ready: ").wait_for()
            add(f"{visit}: s", time.monotonic() - start)
            add(f"{visit}: MB", (server.sent - before) / 1e6)
        page.goto(f"{address}networks.json")
        for name, weights in NETWORKS:
            took = page.evaluate(TAKE_STEPS, [name, weights, STEPS])
            add("step: ms", took["ms"], f"{name}, {weights}", took["threads"])
        context.close()
    return rows


def text(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> str:
    """What docs/benchmarks.md says of the rows of page.csv."""
    if not rows:
        return ""
    threads = sorted({row["threads"] for row in rows if row["threads"]})
    head = ("ms per step", *(f"{n} thread{'s' * (n > 1)}" for n in threads))
    names = dict.fromkeys(row["network"] for row in rows if row["network"])
    lines = [(name, *(cell(chosen(rows, "step: ms", name, n)) for n in threads)) for name in names]
    visits = [(visit, *(cell(chosen(rows, f"{visit}: {unit}")) for unit in ("s", "MB"))) for visit in ("cold", "warm")]
    return "\n".join(
        (
            said(found),
            markdown(head, lines),
            markdown(("visit", "s to the first answer", "MB"), visits),
            aims(rows, threads[-1], is_quiet(found)),
        )
    )


def said(found: Mapping[str, Any]) -> str:
    """The machine, and whether it was quiet."""
    load = f"the load beforehand was {found['load']}"
    busy = f"{load}, and other programs took {others(found):.0%} of the processors' time."
    quiet = (
        "The machine was otherwise idle" if is_quiet(found) else "**The machine was busy**, so these times say little"
    )
    return f"Measured on: {called(found)}, in {found['browser']}. {quiet}: {busy}\n"


def is_quiet(found: Mapping[str, Any]) -> bool:
    """Did other programs take little?"""
    return others(found) <= QUIET["others"]


def aims(rows: Sequence[Mapping[str, Any]], threads: int, quiet: bool) -> str:
    """What this project wants to reach, with the network that the lab begins with."""
    step = chosen(rows, "step: ms", ", ".join(NETWORKS[0]), threads)
    trick = {turn: PASSES * ms / 1000 for turn, ms in step.items()}
    first = chosen(rows, "cold: s")
    lines = [
        (what, f"at most {aim}", median(turns), reached(turns, "at most", aim, quiet))
        for what, aim, turns in (("30 steps, in s", 6, trick), ("first answer of a cold visit, in s", 4, first))
    ]
    return markdown(("", "aim", "here", "reached"), lines) + (
        f"\nThe time for 30 steps is calculated as {PASSES} times the median time of a step on random pixels, without "
        "drawing. (The last pass is for the finished picture.)\n"
    )


def chosen(rows: Sequence[Mapping[str, Any]], what: str, network: str = "", threads: int = 0) -> Turns:
    """What was measured in each turn."""
    key = (what, network, threads)
    return {row["turn"]: row["value"] for row in rows if (row["what"], row["network"], row["threads"]) == key}


if __name__ == "__main__":
    sys.exit(main())
