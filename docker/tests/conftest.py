"""The image, built once, and containers of it that end with their test."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGE = "panda-to-vulture"
NO_NETWORK = ("--network", "none")

# Runs inside a container: prints the status and the text of a page, for which `curl` is missing there.
PAGE = """
import sys, http.client
connection = http.client.HTTPConnection("127.0.0.1", 8888, timeout=120)
connection.request(sys.argv[2], sys.argv[1])
answer = connection.getresponse()
print(answer.status, answer.read().decode(errors="replace"))
"""


def pytest_sessionstart() -> None:
    """Nothing here can be tried without an engine, or without root, and what is not tried has not passed."""
    if subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.exit("*** THE IMAGE WAS NEITHER BUILT NOR TESTED: no Docker engine answers. Start one. ***", 1)
    if os.geteuid():
        pytest.exit("These tests give folders to other users, which only root may do: run them with sudo.", 1)


def docker(*words: object, check: bool = True, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
    """One command of Docker's; what it prints, errors too, is in `stdout`."""
    command = ["docker", *map(str, words)]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    assert not check or done.returncode == 0, f"{' '.join(command)}: status {done.returncode}\n{done.stdout}"
    return done


@pytest.fixture(scope="session", autouse=True)
def image() -> str:
    """The image's name, once it is built."""
    subprocess.run([ROOT / "scripts" / "image.sh"], check=True)
    return IMAGE


def once(*words: str, options: tuple[str, ...] = (), status: int = 0) -> str:
    """Run the image to its end without a network, assert how it ends, and return what it prints."""
    done = docker("run", "--rm", *NO_NETWORK, *options, IMAGE, *words, check=False)
    assert done.returncode == status, f"status {done.returncode} instead of {status}\n{done.stdout}"
    return done.stdout.strip()


@dataclass
class Container:
    """A container that runs."""

    name: str

    def inside(self, *words: object, check: bool = True) -> str:
        """What a program prints that runs inside."""
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
        """Of the address to click."""
        return re.findall(r"\?token=(\w+)", self.log)[0]

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        """`page`, with the token."""
        return self.page(f"{path}{'&' if '?' in path else '?'}token={self.token}", method)

    def inspect(self, field: str) -> str:
        return docker("inspect", "--format", "{{" + field + "}}", self.name).stdout.strip()

    def wait_for(self, true: Callable[[], bool], seconds: float = 180) -> None:
        until(true, seconds, lambda: self.log)

    def stop(self) -> None:
        """SIGTERM, which has to do within ten seconds, or Docker would kill it."""
        docker("stop", "--time", 10, self.name)
        assert self.inspect(".State.ExitCode") != "137", f"SIGTERM does not end it\n{self.log}"


def until(true: Callable[[], bool], seconds: float, story: Callable[[], str] = str) -> None:
    """Wait until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s\n{story()}"
        time.sleep(0.2)


def free_port() -> int:
    """A port of this machine that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start() -> Iterator[Callable[..., Container]]:
    """Start an image in the background: `start("lab", options=("--read-only",))` returns when its page answers."""
    names = [f"ptv-test-{number}" for number in range(9)]
    unused = iter(names)

    def starter(*words: str, options: tuple[str, ...] = NO_NETWORK, image: str = IMAGE) -> Container:
        container = Container(next(unused))
        docker("run", "--detach", "--name", container.name, *options, image, *words)
        container.wait_for(lambda: container.page("/api")[0] > 0)
        return container

    yield starter
    docker("rm", "--force", "--volumes", *names, check=False)


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """The address of a class's Hub."""
    from hub import running_hub  # which imports from here

    with running_hub() as address:
        yield address
