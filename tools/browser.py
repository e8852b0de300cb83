"""A Jupyter server and a Chromium, for tests in a browser and scripts/generate/lab.py."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tricknet.paths import ROOT

FLAGS = ["--disable-quic", "--disable-sync", "--disable-gpu"]  # besides Playwright's own
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 180_000  # milliseconds: a busy machine is not a failure


def missing() -> str:
    """What there is to install before a browser can be driven, or ""."""
    if not find_spec("playwright"):
        return "Playwright is not here: pip install playwright"
    return "" if CHROMIUM else "Chromium is not here: apt-get install chromium"


@contextmanager
def jupyter(folder: Path, base: str = "/") -> Iterator[str]:
    """Serve copies of the lessons and pictures, in `folder`, as scripts/notebook.sh serves them.

    base: the path of its address, which a Hub gives. Yields the address, with "{}" where the page goes, and ends the
    server afterwards. A page that closed early must have left no traceback: a reader would think that it broke.
    """
    for name in ("notebooks", "images", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    with tempfile.TemporaryDirectory(prefix="jupyter-") as home:
        # A home of its own: none of the settings of who runs this, and nothing left behind.
        env = os.environ | {"TRICKNET_IMAGES": str(folder / "images"), "OPENBLAS_NUM_THREADS": "1"}
        homes = ["HOME", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"]
        env |= dict.fromkeys(homes, home)
        options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--ServerApp.base_url={base}"]
        shutil.copy(ROOT / "docker" / "jupyter" / "jupyter_server_config.json", home)
        log = Path(home, "log.txt")
        command = [sys.executable, "-m", "jupyterlab", *options]
        with log.open("wb") as out, subprocess.Popen(command, cwd=folder, env=env, stdout=out, stderr=out) as server:
            try:
                yield _address(server, home, log)
                said = log.read_text()
                assert "kernel_ws_protocol" not in said, said
            finally:
                server.terminate()
                with suppress(subprocess.TimeoutExpired):
                    server.wait(timeout=20)
                server.kill()  # if it has not ended by itself


def _address(server: subprocess.Popen[bytes], home: str, log: Path) -> str:
    """Where the server listens: it says so in a file, once it does."""
    from jupyter_server.serverapp import list_running_servers

    for _ in range(240):
        for info in list_running_servers(home):
            return f"http://127.0.0.1:{info['port']}{info['base_url']}{{}}?token={info['token']}"
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError(f"Jupyter did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def serving(folder: Path | str, port: int = 0, handler: type = http.server.SimpleHTTPRequestHandler) -> Iterator[Any]:
    """A server of a folder's files, which this handler sends, until the end of the with block."""
    files = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def browser(*flags: str) -> Iterator[Any]:
    """A headless Chromium with an empty profile (Playwright's Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags], chromium_sandbox=False)
        try:
            yield running
        finally:
            running.close()


def open_cell(page: Any, address: str, notebook: str, code: str) -> Any:
    """Open a notebook in JupyterLab, and run the cell that has this code, alone. Returns the cell."""
    page.set_default_timeout(PATIENCE)
    page.goto(address.format(f"lab/tree/{notebook}"), wait_until="domcontentloaded")
    page.get_by_text("| Idle").wait_for()  # before the kernel is there, JupyterLab would ask which one to start
    cell = page.locator(".jp-CodeCell", has_text=code).first
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    return cell
