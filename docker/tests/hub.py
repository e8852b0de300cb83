"""A class of its own, for the tests: a real Hub, and people who log in through its proxy as browsers do."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import quote

import pytest
import requests
from engine import IMAGE, ROOT, docker, free_port, until

PROJECT = os.environ.get("COMPOSE_PROJECT_NAME", "ptv-class")
PASSWORDS = {"CLASS_PASSWORD": "seven-vultures", "TEACHER_PASSWORD": "a-panda-is-not-a-vulture-is-not-a-panda"}


def compose(*words: str, check: bool = True) -> str:
    place = (f"--project-name={PROJECT}", "--project-directory", ROOT / "class")
    return docker("compose", *place, *words, check=check).stdout


def up(*options: str) -> None:
    """What start.sh does."""
    docker("volume", "create", f"{PROJECT}_disks")
    compose("up", "--detach", "--wait", *options)


@contextmanager
def running_hub() -> Iterator[str]:
    """The address of a Hub. Afterwards nothing of it is left."""
    settings = {"COMPOSE_PROJECT_NAME": PROJECT, "COURSE_IMAGE": IMAGE, "PORT": str(free_port())}
    with environment(**settings, **PASSWORDS, MEMORY="1500M", DISK="100M"):
        try:
            up("--build")
            yield f"http://127.0.0.1:{settings['PORT']}"
        finally:
            print(compose("logs", "hub"))
            compose("down")
            left = left_over("ps", "--all") + left_over("network", "ls")
            print(script("delete.sh", answer="delete").stdout)
        assert not left, "`docker compose down` leaves containers or networks behind"
        assert not left_over("ps", "--all") + left_over("network", "ls") + left_over("volume", "ls")


@contextmanager
def environment(**settings: object) -> Iterator[None]:
    """Settings that Compose reads as if they were in class/.env."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, str(value))
        yield


@contextmanager
def changed(**settings: object) -> Iterator[None]:
    """The same class with other settings for a while. The Hub starts anew, and so do the containers."""
    try:
        with environment(**settings):
            up()
            yield
    finally:
        up()


def left_over(*words: str) -> list[str]:
    """What Docker lists that is of this class."""
    return docker(*words, "--quiet", "--filter", f"name={PROJECT}").stdout.split()


def script(name: str, *words: object, answer: str = "") -> subprocess.CompletedProcess[str]:
    """A script in class/; what it prints, errors too, is in `stdout`."""
    command = [ROOT / "class" / name, *map(str, words)]
    return subprocess.run(command, text=True, input=answer, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


# For a pupil's notebook, or for Python in the Hub: does somebody listen on a port of these addresses? A line for each.
REACHES = """
import socket
for address in {addresses!r}:
    try:
        socket.create_connection((address, {port}), 4).close()
        print("open")
    except OSError:
        print("shut")
"""


def hub_runs(code: str) -> list[str]:
    """The words that code prints which runs beside the Hub."""
    return compose("exec", "-T", "hub", "python3", "-c", code).split()


class Browser:
    """Somebody who logs in, with the cookies of a browser."""

    def __init__(self, hub: str, name: str, password: str, *, headers: dict[str, str] | None = None) -> None:
        self.hub, self.name, self.session = hub, name.lower(), requests.Session()  # as the Hub knows a name
        self.session.headers.update(headers or {})
        page = self.session.get(f"{hub}/hub/login").text
        form = {"username": name, "password": password, "_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', page)[0]}
        self.login = self.session.post(f"{hub}/hub/login", data=form, allow_redirects=False)

    @classmethod
    def enter(cls, hub: str, name: str) -> "Browser":
        """A pupil logs in, and sees the lessons."""
        pupil = cls(hub, name, PASSWORDS["CLASS_PASSWORD"])
        pupil.start()
        return pupil

    def page(self, path: str) -> requests.Response:
        return self.session.get(self.hub + path)

    def send(self, method: str, path: str, prefix: str, *, json: object = None) -> requests.Response:
        """What JavaScript would send, with the cookie against cross-site requests that belongs to the prefix."""
        xsrf = next(cookie.value for cookie in self.session.cookies if cookie.name == "_xsrf" and cookie.path == prefix)
        return self.session.request(method, self.hub + path, headers={"X-XSRFToken": xsrf or ""}, json=json)

    def start(self) -> None:
        """Ask the Hub for a container, again while it ends the one before or has not missed it, and see the lessons."""

        def there() -> bool:
            self.page("/hub/spawn")
            return "JupyterLab" in self.page(f"/user/{quote(self.name)}/lab").text

        until(there, 180)

    def stop(self) -> None:
        self.send("DELETE", f"/hub/api/users/{quote(self.name)}/server", "/hub/")
        until(lambda: not container(self.name), 60)

    def run(self, code: str, *, check: bool = True) -> str:
        """What Python prints in the pupil's container, where a notebook would run it."""
        return docker("exec", container(self.name), "python3", "-c", code, check=check).stdout

    def note(self, text: str) -> None:
        """Keep a text on the pupil's disk."""
        self.run(f"open('/work/note.txt', 'w').write({text!r})")

    def noted(self) -> str:
        """The text that was kept; empty if there is none."""
        return self.run("import os; print(os.path.exists(n := '/work/note.txt') and open(n).read() or '')").strip()


@cache
def own_name(pupil: str) -> str:
    """Of a pupil's container, network and volume, as the Hub says."""
    return compose("exec", "-T", "hub", "python3", "-m", "disk", "name", pupil).strip()


def container(pupil: str) -> str:
    """The number of a pupil's container; empty if there is none."""
    return docker("ps", "--quiet", "--filter", f"name=^{own_name(pupil)}$").stdout.strip()
