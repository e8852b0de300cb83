"""How large a computer does a class need? Lets 1, 5, 10 and 20 pupils work at once on this machine, and weighs them.

Each pupil is a JupyterLab server of their own, as in a container of the class, and one notebook on it, whose cells are
sent to the kernel as a browser sends them, one after the other:

    lesson 3   all of it
    the lab    lesson 7's first cell; then the lab's Start, and its 30 steps to the end

All servers are up before the clock starts, and everybody begins at the same moment. There are no pauses for reading,
so this is the worst case. The memory is the sum of the proportional set sizes (PSS) of all servers and kernels: what
several of them share counts once. It is read twice a second.

Each row of benchmarks/tables/pupils.csv is written as soon as it is measured, and takes the place of an older one, so
Ctrl-C loses only what is being measured. On another machine, delete the table first: pupils_machine.csv holds only one
machine. benchmarks/tables/kernel.csv says what the memory of one kernel is. At the end class/README.md and
class/sizing.png are made from both. All of it takes about twelve minutes on two cores that nobody else uses, and half
of that goes to the 20 pupils in lesson 3, who come last.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect
from tqdm import tqdm

from benchmarks.classroom.sizing import KERNEL, MACHINE, NAMES, TABLE, write
from benchmarks.lessons.cases import Row, saved
from benchmarks.machine import machine, processors, store
from tricknet import memory
from tricknet.evidence import save_table
from tricknet.paths import ROOT

PROJECT = ROOT
CLASS = (1, 5, 10, 20)
ROUGHLY = 550_000_000  # bytes: what a pupil takes, before anything is measured
START = """lab.panel.steps.count.value = 30
lab.panel.start.click()
lab.wait()
assert lab.trick is not None and len(lab.trick.frames) == 31"""
STAGES = {
    "Python and the notebook's kernel": "",
    "NumPy, Matplotlib and the library": (
        "import numpy as np, tricknet\nfrom tricknet import images, plots\nfrom tricknet.course import interact"
    ),
    "Caffe and what it is linked to": "import caffe",
    "GoogLeNet's weights": "model, panda = tricknet.GoogLeNet(), images.example('panda')",
    "forward pass: the numbers in every layer, and the weights in their fast form": "model.predict(panda)",
    "backward pass: a slope for each number, and the weights in a third form": "model.gradient(panda, 'vulture')",
}
TRIM = "\nimport ctypes; ctypes.CDLL(None).malloc_trim(0)"  # what is free goes back to the system before each look
PATIENCE = 600  # seconds until a server must have answered: 20 kernels that start at once take their time
EVERY = 0.5  # seconds between two looks at the memory
MB = 1_000_000


def cells(what: str) -> tuple[str, list[str]]:
    """What a pupil does: (the notebook's name, the cells that are run)."""
    name = {"lesson": "03-tricks.ipynb", "lab": "07-the-lab.ipynb"}[what]
    notebook = nbformat.read(PROJECT / "notebooks" / name, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return name, code if what == "lesson" else [code[0], START]


class Pupil:
    """A JupyterLab server and a kernel on it. folder: the pupil's own."""

    def __init__(self, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
        environment |= {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "PYTHONPATH": str(PROJECT)}
        options = [
            f"--ServerApp.port={port}",
            f"--ServerApp.root_dir={folder}",
            "--IdentityProvider.token=pupil",
            # Files instead of ports: of many kernels that look for a free port at once, two may find the same one.
            "--KernelManager.transport=ipc",
        ]
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", *options]
        self.said = folder / "server.log"
        with open(self.said, "w", encoding="utf-8") as log:  # a session of its own: Ctrl-C is for this script
            self.server = psutil.Popen(
                command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    async def ask(self, path: str, **options: Any) -> Any:
        """What the server answers."""
        client = AsyncHTTPClient(force_instance=True)
        try:
            address = f"http://{self.address}/{path}?token=pupil"
            return (await client.fetch(address, connect_timeout=PATIENCE, request_timeout=PATIENCE, **options)).body
        finally:
            client.close()

    async def come(self, notebook: str) -> None:
        """Wait until the server is up, and fetch the page and the notebook as a browser does."""
        while True:
            with suppress(OSError):
                await self.ask("lab")
                break
            if self.server.poll() is not None:
                raise RuntimeError(f"A server ended at once. {self.last_words()}")
            await asyncio.sleep(0.2)
        self.notebook = json.loads(await self.ask(f"api/contents/{notebook}"))

    async def work(self, cells: list[str], done: Callable[[], Any]) -> float:
        """Open a kernel, run the cells, save the notebook. Returns the seconds."""
        began = time.perf_counter()
        kernel = json.loads(await self.ask("api/kernels", method="POST", body="{}"))["id"]
        address = f"ws://{self.address}/api/kernels/{kernel}/channels?token=pupil"
        request = HTTPRequest(address, connect_timeout=PATIENCE, request_timeout=PATIENCE)
        channels = await websocket_connect(request, max_message_size=2**30)
        try:
            for cell in cells:
                await self._run(channels, cell)
                done()
        finally:
            channels.close()
        body = json.dumps({name: self.notebook[name] for name in ("type", "format", "content")})
        await self.ask(f"api/contents/{self.notebook['path']}", method="PUT", body=body)
        return time.perf_counter() - began

    async def _run(self, channels: Any, cell: str) -> None:
        """Run one cell, and wait for its end. Raises RuntimeError if it fails."""
        mine = uuid4().hex
        header = {"msg_id": mine, "session": mine, "msg_type": "execute_request", "version": "5.3", "username": ""}
        content = {"code": cell, "silent": False, "store_history": True, "allow_stdin": False}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await channels.write_message(json.dumps(request))
        while (message := await channels.read_message()) is not None:
            if isinstance(message, bytes):
                continue  # pictures of the lab
            message = json.loads(message)
            if message["parent_header"].get("msg_id") != mine:
                continue
            if message["header"]["msg_type"] == "error":
                raise RuntimeError(f"A cell failed: {message['content']['evalue']}")
            if message["header"]["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return
        raise RuntimeError(f"A server closed its connection to a kernel. {self.last_words()}")

    def last_words(self) -> str:
        """The end of what the server said."""
        return f"Its last words: {self.said.read_text(encoding='utf-8')[-500:]}"

    def processes(self) -> list[psutil.Process]:
        """The server first, then the kernel."""
        with suppress(psutil.NoSuchProcess):
            return [self.server, *self.server.children(recursive=True)]
        return []

    def leave(self) -> None:
        """End the server and the kernel."""
        everybody = self.processes()
        for process in everybody:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everybody)


def weigh(pupils: list[Pupil]) -> dict[str, float]:
    """The memory of all, in MB: PSS of the servers and of the kernels, and what is private to any one process (USS)."""
    found = dict.fromkeys(("server", "kernel", "private"), 0.0)
    for pupil in pupils:
        for i, process in enumerate(pupil.processes()):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                weight = process.memory_full_info()
                found["kernel" if i else "server"] += weight.pss / MB
                found["private"] += weight.uss / MB
    return found


def seconds_of_cpu(pupils: list[Pupil]) -> float:
    """What all servers and kernels have used so far."""
    times = [process.cpu_times() for pupil in pupils for process in pupil.processes()]
    return sum(t.user + t.system for t in times)


def busy() -> float:
    """Seconds that all processors have worked so far, for whatever program but this one."""
    return processors()[1] - time.process_time()


async def at_peak(pupils: list[Pupil], work: Coroutine[Any, Any, list[float]]) -> tuple[list[float], dict[str, float]]:
    """Look at the memory until the work is done. Returns (what the work returns, the memory at its peak)."""
    task, peak = asyncio.ensure_future(work), dict[str, float]()
    try:
        while not task.done():
            began = time.perf_counter()
            now = await asyncio.to_thread(weigh, pupils)
            if now["server"] + now["kernel"] > peak.get("server", 0) + peak.get("kernel", 0):
                peak = now
            # Looking takes time as well, which the pupils should not miss.
            await asyncio.wait([task], timeout=max(EVERY, 5 * (time.perf_counter() - began)))
        return task.result(), peak
    finally:
        task.cancel()


@contextmanager
def classroom(n: int) -> Iterator[list[Pupil]]:
    """n pupils, each in a folder of their own; at the end all are gone."""
    pupils: list[Pupil] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            for i in range(n):
                own = Path(folder) / str(i)
                own.mkdir()
                pupils.append(Pupil(own))
            yield pupils
        finally:
            for pupil in pupils:
                pupil.leave()


async def measure(what: str, n: int, notebook: str, code: list[str]) -> Row:
    """One row: n pupils do the same at once."""
    with classroom(n) as pupils, tqdm(total=n * len(code), desc=f"{NAMES[what]}, {n} at once", unit="cell") as bar:
        for pupil in pupils:
            shutil.copy(PROJECT / "notebooks" / notebook, pupil.said.parent)
        await asyncio.gather(*(pupil.come(notebook) for pupil in pupils))

        async def together() -> list[float]:
            return await asyncio.gather(*(pupil.work(code, bar.update) for pupil in pupils))

        began, theirs, all_ours = time.perf_counter(), busy(), seconds_of_cpu(pupils)
        seconds, peak = await at_peak(pupils, together())
        elapsed, all_ours = time.perf_counter() - began, seconds_of_cpu(pupils) - all_ours
        cores = len(os.sched_getaffinity(0))
        others = max(0.0, busy() - theirs - all_ours) / (elapsed * cores)
    return {
        "what": what,
        "pupils": n,
        "seconds": round(median(seconds), 1),
        "longest": round(max(seconds), 1),
        "cpu": round(all_ours / n, 1),
        "megabytes": round(peak["server"] + peak["kernel"]),
        "server": round(peak["server"] / n),
        "kernel": round(peak["kernel"] / n),
        "private": round(peak["private"] / n),
        "cores": cores,
        "others": round(others, 2),
    }


def stages() -> Iterator[Row]:
    """What the memory of one kernel is: how its PSS grows from stage to stage."""
    manager, client = start_new_kernel(env=os.environ | {"PYTHONPATH": str(PROJECT)})
    try:
        process, before = psutil.Process(manager.provisioner.pid), 0
        for stage, code in tqdm(STAGES.items(), desc="one kernel", unit="stage"):
            reply = client.execute_interactive(code + TRIM, timeout=300, output_hook=lambda _: None)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"A cell failed: {reply['content']['evalue']}")
            now = round(process.memory_full_info().pss / MB)
            yield {"stage": stage, "megabytes": now - before}
            before = now
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def keep(row: Row) -> None:
    """Put a row into the table, in the place of an older one."""
    rows = {(old["what"], old["pupils"]): old for old in saved(TABLE)} | {(row["what"], row["pupils"]): row}
    save_table(TABLE, [rows[key] for key in sorted(rows, key=lambda key: (list(NAMES).index(key[0]), key[1]))])


def weigh_and_time(works: Iterable[str], numbers: Iterable[int]) -> None:
    """Fill the tables: the machine, one kernel, and each of these works by each of these numbers of pupils."""
    store(MACHINE, machine())
    save_table(KERNEL, list(stages()))
    for what in works:
        for n in numbers:
            if (free := memory.available()) < n * ROUGHLY:
                print(f"{n} pupils may take {n * ROUGHLY / 1e9:.0f} GB, and {free / 1e9:.0f} GB are free. Skipped.")
                continue
            keep(asyncio.run(measure(what, n, *cells(what))))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pupils", nargs="*", type=int, help=f"how many at once (default: {' '.join(map(str, CLASS))})")
    parser.add_argument("--what", choices=NAMES, help="only this one (default: both)")
    parser.add_argument("--write", action="store_true", help="measure nothing: make the text and the plot again")
    asked = parser.parse_args()
    if any(n < 1 for n in asked.pupils):
        parser.error("at least one pupil is needed")
    works = [asked.what] if asked.what else sorted(NAMES)  # the lab first: it takes less time
    try:
        if not asked.write:
            weigh_and_time(works, asked.pupils or CLASS)
    except KeyboardInterrupt:
        pass  # what was measured is kept
    finally:  # however it ended, the page says what the tables hold
        print(f"wrote {write(saved(TABLE), saved(KERNEL))}")


if __name__ == "__main__":
    main()
