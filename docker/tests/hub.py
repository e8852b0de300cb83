"""A class of its own, for the tests: a real Hub, and people who log in through its proxy as browsers do."""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
import requests
import websocket
from conftest import IMAGE, ROOT, docker, free_port, until

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
def running_hub(*, build: bool = True, **chosen: str) -> Iterator[str]:
    """A Hub whose class/.env has the chosen settings: its address. Afterwards nothing of it is left."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {"COMPOSE_PROJECT_NAME": PROJECT, "COURSE_IMAGE": IMAGE, "PORT": str(free_port())}
        settings |= {**PASSWORDS, "MEMORY": "1500M", "DISK": "100M", **chosen}
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            up(*["--build"] * build)
            yield f"http://127.0.0.1:{settings['PORT']}"
        finally:
            print(compose("logs", "hub"))
            compose("down")
            left = left_over("ps", "--all") + left_over("network", "ls")
            print(script("delete.sh", answer="delete").stdout)
    assert not left, "`docker compose down` leaves containers or networks behind"
    assert not left_over("ps", "--all") + left_over("network", "ls") + left_over("volume", "ls")


def left_over(*words: str) -> list[str]:
    """What Docker lists that is of this class."""
    return docker(*words, "--quiet", "--filter", f"name={PROJECT}").stdout.split()


def script(name: str, *words: object, answer: str = "") -> subprocess.CompletedProcess[str]:
    """A script in class/; what it prints, errors too, is in `stdout`."""
    command = [ROOT / "class" / name, *map(str, words)]
    return subprocess.run(command, text=True, input=answer, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Browser:
    """Somebody who logs in, with the cookies of a browser."""

    def __init__(self, hub: str, name: str, password: str, *, headers: dict[str, str] | None = None) -> None:
        self.hub, self.name, self.session = hub, name, requests.Session()
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
        """Ask the Hub for a container, again while it still ends the one before, and wait for the lessons."""
        until(lambda: "Your server is stopping" not in self.page("/hub/spawn").text, 60)
        until(lambda: "JupyterLab" in self.page(f"/user/{quote(self.name)}/lab").text, 180)

    def stop(self) -> None:
        self.send("DELETE", f"/hub/api/users/{quote(self.name)}/server", "/hub/")
        until(lambda: not container(self.name), 60)

    def run(self, *cells: str) -> str:
        """Run cells in a new kernel through the proxy: what they print, and an error if there is one."""
        base = f"/user/{quote(self.name)}/"
        kernel = self.send("POST", f"{base}api/kernels", base).json()["id"]
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.session.cookies if base.startswith(c.path))
        address = f"{self.hub.replace('http', 'ws', 1)}{base}api/kernels/{kernel}/channels"
        socket = websocket.create_connection(address, cookie=cookies, timeout=180)
        try:
            return "".join(piece for cell in cells for piece in said(socket, cell))
        finally:
            socket.close()
            self.send("DELETE", f"{base}api/kernels/{kernel}", base)


def said(socket: websocket.WebSocket, cell: str) -> Iterator[str]:
    """Run a cell: the pieces of what it prints."""
    number = uuid.uuid4().hex
    header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": number, "version": "5.3"}
    content = {"code": cell, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    socket.send(json.dumps(message))
    while True:
        frame = socket.recv()
        if isinstance(frame, bytes):
            continue  # a widget's picture, which says nothing
        answer = json.loads(frame)
        if answer["parent_header"].get("msg_id") != number:
            continue
        if answer["msg_type"] == "stream":
            yield answer["content"]["text"]
        if answer["msg_type"] == "error":
            yield f"ERROR {answer['content']['ename']}: {answer['content']['evalue']}"
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return


def container(name: str) -> str:
    """The number of a pupil's container; empty if there is none."""
    return docker("ps", "--quiet", "--filter", f"name=^{PROJECT}-{name}$").stdout.strip()
