"""Docker's commands, and containers of the image."""

import re
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGE = "panda-to-vulture"
NO_NETWORK = ("--network", "none")

# Runs inside a container: prints the status and the text of a page, since there is no `curl`.
PAGE = """
import sys, http.client
connection = http.client.HTTPConnection("127.0.0.1", 8888, timeout=120)
connection.request(sys.argv[2], sys.argv[1])
answer = connection.getresponse()
print(answer.status, answer.read().decode(errors="replace"))
"""


def docker(*words: object, check: bool = True, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
    """One command of Docker's; what it prints, errors too, is in `stdout`."""
    command = ["docker", *map(str, words)]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    assert not check or done.returncode == 0, f"{' '.join(command)}: status {done.returncode}\n{done.stdout}"
    return done


def once(*words: str, options: tuple[str, ...] = (), status: int = 0) -> str:
    """Run the image to its end without a network, assert how it ends, and return what it prints."""
    done = docker("run", "--rm", *NO_NETWORK, *options, IMAGE, *words, check=False)
    assert done.returncode == status, f"status {done.returncode} instead of {status}\n{done.stdout}"
    return done.stdout.strip()


@dataclass
class Container:
    name: str

    def inside(self, *words: object, check: bool = True) -> str:
        """What a program prints when it runs inside."""
        return docker("exec", self.name, *words, check=check).stdout.strip()

    def page(self, path: str, method: str = "GET") -> tuple[int, str]:
        """The status and the text that the server inside answers; 0 where none does."""
        status, _, text = self.inside("python3", "-c", PAGE, path, method, check=False).partition(" ")
        return (int(status), text) if status.isdecimal() else (0, text)

    @property
    def log(self) -> str:
        return docker("logs", self.name).stdout

    @cached_property
    def token(self) -> str:
        """The token in the address to click."""
        return re.findall(r"\?token=(\w+)", self.log)[0]

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        """`page`, with the token."""
        return self.page(f"{path}{'&' if '?' in path else '?'}token={self.token}", method)

    def inspect(self, field: str) -> str:
        return docker("inspect", "--format", "{{" + field + "}}", self.name).stdout.strip()

    def wait_for(self, true: Callable[[], bool], seconds: float = 180) -> None:
        until(true, seconds, lambda: self.log)

    def stop(self) -> None:
        """Send SIGTERM, which has to end it within ten seconds, or else Docker kills it."""
        docker("stop", "--time", 10, self.name)
        assert self.inspect(".State.ExitCode") != "137", f"SIGTERM does not end it\n{self.log}"


def until(true: Callable[[], bool], seconds: float, story: Callable[[], str] = str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s\n{story()}"
        time.sleep(0.5)


def free_port() -> int:
    """A port of this machine that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
