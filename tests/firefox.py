"""Debian's Firefox, driven by its own protocol, WebDriver BiDi: Playwright can only drive a Firefox of its own."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PATIENCE = 180  # seconds: a busy machine is no failure


def missing() -> str:
    """What there is to install before Firefox can be driven, or ""."""
    return "" if shutil.which("firefox-esr") else "Firefox is not here: apt-get install firefox-esr"


class Page:
    """A tab. commands: WebDriver BiDi's, https://www.w3.org/TR/webdriver-bidi"""

    def __init__(self, address: str):
        from websocket import create_connection

        self.socket, self.sent = create_connection(address, timeout=PATIENCE, suppress_origin=True), 0
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and give its result. Raises RuntimeError with the browser's words."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": parameters}))
        while (said := json.loads(self.socket.recv())).get("id") != self.sent:
            pass
        if said["type"] == "error":
            raise RuntimeError(f"{said['error']}: {said['message']}")
        return said["result"]

    def goto(self, address: str) -> None:
        """Begin to load a page."""
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="none")

    def evaluate(self, function: str, *arguments: str) -> Any:
        """What an asynchronous function of the page's gives, as JSON has it."""
        said = self.ask(
            "script.callFunction",
            functionDeclaration=f"async (...all) => JSON.stringify(await ({function})(...all))",
            arguments=[{"type": "string", "value": one} for one in arguments],
            target={"context": self.tab},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])


@contextmanager
def firefox() -> Iterator[Page]:
    """A tab of a Firefox with an empty profile."""
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Page(_address(running, Path(profile, "WebDriverBiDiServer.json")))
        finally:
            running.terminate()
            running.wait(PATIENCE)


def _address(running: subprocess.Popen, file: Path) -> str:
    """Where Firefox listens: it says so in a file, once it does."""
    for _ in range(2 * PATIENCE):
        if running.poll() is not None:
            break
        with suppress(FileNotFoundError, json.JSONDecodeError):  # it is being written
            said = json.loads(file.read_text())
            return f"ws://{said['ws_host']}:{said['ws_port']}/session"
        time.sleep(0.5)
    raise RuntimeError("Firefox did not start.")
