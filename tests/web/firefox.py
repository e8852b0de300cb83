"""A Firefox as readers have it, by WebDriver BiDi: Playwright drives only one that it has built itself."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import websocket

from tools.browser import PATIENCE

FIREFOX = shutil.which("firefox-esr")


class Page:
    """Its one page, as far as a test needs it. `wrong` has what the console says."""

    def __init__(self, address: str):
        self.socket = websocket.create_connection(f"{address}/session", PATIENCE / 1000, suppress_origin=True)
        self.wrong: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self.context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _ask(self, method: str, **params):
        self.socket.send(json.dumps({"id": 1, "method": method, "params": params}))
        while "id" not in (answer := json.loads(self.socket.recv())):
            self.wrong.append(answer["params"]["text"])
        return answer["result"]

    def goto(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, function: str, argument=None):
        """What a function, which may be async, gives for an argument."""
        code = f"(async () => JSON.stringify(await ({function})({json.dumps(argument)}) ?? null))()"
        target = {"context": self.context}
        answer = self._ask("script.evaluate", expression=code, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])


@contextmanager
def firefox() -> Iterator[Page]:
    """A headless Firefox with an empty profile, until the end of the with block."""
    with tempfile.TemporaryDirectory() as profile:
        command = [FIREFOX, "--headless", "--remote-debugging-port=0", "--profile", profile]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
            try:
                yield Page(next(line.split()[-1] for line in running.stderr if "WebDriver BiDi listening" in line))
            finally:
                running.terminate()
