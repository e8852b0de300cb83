"""How long does the lab in a browser take? From an empty browser to its first answer, and for a step.

    python -m evidence.race.lab

A local server sends the lab to a headless Chromium. In each turn a browser that has never been here opens the lab
("quick": until SqueezeNet has answered, in s, and the MB that the server has sent). Another opens it by a link that
names GoogLeNet ("cold"), and opens it again ("warm"). Then each network's steps and answers are timed, on several
threads and on one.
"""

import http.server
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from typing import Any

from tqdm import tqdm

from evidence.race.step import cell
from evidence.report import markdown
from tools.browser import PATIENCE, browser, missing, serving
from tricknet.paths import ROOT

TURNS = 7  # browsers, one after the other
STEPS = 10  # in each turn, whose median counts
NETWORKS = ["GoogLeNet", "SqueezeNet", "EfficientNet-Lite0"]
TAKE_STEPS = """async ([name, steps]) => {
    const { load } = await import('./network.js');
    const rows = await (await fetch('networks.json')).json();
    const row = rows.find(row => row.name === name), times = { step: [], predict: [] };
    const network = await load(row);
    const picture = Uint8ClampedArray.from({ length: row.side ** 2 * row.channels }, () => 256 * Math.random());
    const ask = {
        step: () => network.gradient(picture, { target: 23 }),
        predict: () => network.predict(picture),
    };
    for (let i = -2; i < steps; i++) { // the first two are not timed: the browser compiles
        for (const what of ['step', 'predict']) {
            const before = performance.now();
            await ask[what]();
            if (i >= 0) times[what].push(performance.now() - before);
        }
    }
    network.close();
    const middle = of => of.sort((a, b) => a - b)[steps >> 1];
    return { threads: network.threads, step: middle(times.step), predict: middle(times.predict) };
}"""

Times = dict[str, list[float]]  # what was measured, once in each turn


class Counting(http.server.SimpleHTTPRequestHandler):
    """Serves files, says nothing, and counts the bytes in the server's `sent`."""

    def log_message(self, *_: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        super().copyfile(source, outputfile)
        self.server.sent += source.tell()


def main() -> None:
    if missing():
        sys.exit(f"lab: {missing()}")
    times = defaultdict[str, list[float]](list)
    with tempfile.TemporaryDirectory() as site:
        for build in ([sys.executable, "-m", "web.pages.build", site], [ROOT / "web" / "build.sh", site]):
            subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        with serving(site, handler=Counting) as server, browser() as chromium, suppress(KeyboardInterrupt):
            print(f"Chromium {chromium.version.split('.')[0]}.\n")
            server.sent = 0
            for _ in tqdm(range(TURNS), unit="turn"):  # Ctrl-C keeps what was measured
                measure(chromium, server, times)
    print(markdown(("what", "median"), [(what, cell(values)) for what, values in times.items()]))


def measure(chromium: Any, server: Any, times: Times) -> None:
    """A turn: browsers that have never been here, a second visit, and steps; then steps on one thread."""
    address = f"http://127.0.0.1:{server.server_port}/web/lab/"
    # Without service workers the page is not isolated and has one thread.
    for service_workers, visits in (("allow", ["quick"]), ("allow", ["cold", "warm"]), ("block", [])):
        context = chromium.new_context(service_workers=service_workers)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        for visit in visits:
            before, start = server.sent, time.monotonic()
            page.goto(address + "?network=GoogLeNet" * (visit != "quick"), wait_until="commit")
            page.locator(".message[data-state=ready]").wait_for()
            times[f"{visit}, s"].append(time.monotonic() - start)
            times[f"{visit}, MB"].append((server.sent - before) / 1e6)
        page.goto(f"{address}networks.json")
        for name in NETWORKS if visits != ["quick"] else []:
            took = page.evaluate(TAKE_STEPS, [name, STEPS])
            for what in ("step", "predict"):
                times[f"{name}, {what}, up to {took['threads']} thread(s), ms"].append(took[what])
        context.close()


if __name__ == "__main__":
    main()
