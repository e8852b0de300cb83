"""The Jupyter server as readers start it: one address, kernels that answer, files that stay whole, one Ctrl-C."""

import itertools
import json
import os
import re
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pexpect
import pytest
import requests
import websocket

from tricknet.paths import ROOT

CONFIGURATIONS = {"natively": [ROOT / "scripts"], "in the image": [ROOT / "docker", ROOT / "scripts"]}
if Path(sys.prefix, "etc/jupyter/jupyter_server_config.py").exists():
    del CONFIGURATIONS["natively"]  # this is the image, whose own settings always apply


@pytest.fixture(params=CONFIGURATIONS)
def server(request):
    """In a terminal, with nobody's settings but the project's."""
    with tempfile.TemporaryDirectory() as home:  # pytest's own have names that are too long for sockets
        process = start(request.param, home)
        yield process
        process.close(force=True)


def start(where, home):
    paths = ":".join(map(str, CONFIGURATIONS[where]))
    env = os.environ | {"HOME": home, "JUPYTER_CONFIG_PATH": paths, "PYTHONPATH": str(ROOT), "PORT": "9999"}
    words = ["-m", "jupyterlab", "--allow-root", "--no-browser", "--port=0"]
    process = pexpect.spawn(sys.executable, words, env=env, cwd=home, encoding="utf-8", timeout=120)
    process.setwinsize(50, 500)  # no line is broken
    process.where, process.home = where, Path(home)
    process.expect("Click this address. Ctrl-C ends it.\r\n")
    process.said = process.before
    (process.token,) = re.findall(r"\?token=([0-9a-f]{48})\s", process.said)
    process.address = f"127.0.0.1:{port(process.home)}"
    return process


def port(folder):
    """Where the server listens, as it notes for other programs."""
    notes = next(folder.rglob("jpserver-*.json"))
    return json.loads(notes.read_text())["port"]


def ask(server, path, method="GET", **content):
    """What the server answers, with the token."""
    headers = {"Authorization": f"token {server.token}"}
    return requests.request(method, f"http://{server.address}/{path}", headers=headers, timeout=120, **content)


def connect(server, kernel):
    address = f"ws://{server.address}/api/kernels/{kernel}/channels?token={server.token}"
    return websocket.create_connection(address, timeout=120)


def answer(channels, code):
    """What a kernel answers to `code`."""
    content = {"code": code, "silent": False}
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    channels.send(json.dumps(message))
    while (came := json.loads(channels.recv()))["msg_type"] != "execute_result":
        pass
    return came["content"]["data"]["text/plain"]


@pytest.mark.long
def test_one_address_and_one_ctrl_c(server):
    (address,) = re.findall(r"\S+://\S+", server.said)
    assert not re.search("warning|file:", server.said, re.IGNORECASE)
    wanted = "127.0.0.1:9999" if server.where == "in the image" else server.address.replace("127.0.0.1", "localhost")
    assert re.fullmatch(rf"http://{wanted}/lab\S*\?token={server.token}", address)
    kernel = ask(server, "api/kernels", "POST").json()["id"]
    assert answer(connect(server, kernel), "6 * 7") == "42"
    server.sendintr()
    server.expect(pexpect.EOF)
    assert "Shutting down" in server.before
    assert not re.search(r"warning|encrypt|y/\[n\]|Traceback", server.before, re.IGNORECASE)
    server.close()
    assert server.exitstatus == 0


@pytest.mark.long
def test_killed_in_mid_save_a_lesson_is_whole():
    """On the disk there may be half of it, but Jupyter keeps the old text until the new one is there."""
    lesson = json.loads(max((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: path.stat().st_size).read_text())
    saved = [0]

    def save():
        with suppress(requests.ConnectionError):
            for version in itertools.count(1):
                lesson["metadata"]["version"] = version
                content = {"type": "notebook", "format": "json", "content": lesson}
                ask(server, "api/contents/lesson.ipynb", "PUT", json=content).raise_for_status()
                saved.append(version)

    where = list(CONFIGURATIONS)[-1]
    with tempfile.TemporaryDirectory() as home:
        server = start(where, home)
        saver = threading.Thread(target=save)
        saver.start()
        while saved[-1] == 0 or not Path(home, ".~lesson.ipynb").exists():
            assert saver.is_alive()
        os.kill(server.pid, signal.SIGKILL)
        saver.join()
        server.close(force=True)
        for notes in Path(home).rglob("jpserver-*.json"):
            notes.unlink()
        server = start(where, home)
        there = ask(server, "api/contents/lesson.ipynb").json()["content"]["metadata"]["version"]
        server.close(force=True)
    assert there in (saved[-1], saved[-1] + 1)


@pytest.mark.long
def test_pages_that_were_reloaded_leave_one_kernel_at_most(server):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python", "language": "python"}
    nbformat.write(notebook, server.home / "page.ipynb")

    def load():
        """A page's kernel, and the page's connection to it."""
        (kernel,) = re.findall(r'"kernelId": "([^"]+)"', ask(server, "voila/render/page.ipynb").text)
        return kernel, connect(server, kernel)

    def kernels():
        return {kernel["id"] for kernel in ask(server, "api/kernels").json()}

    lesson = ask(server, "api/kernels", "POST").json()["id"]  # nobody is connected to it, as when a lesson was closed
    open_page, stays = load()
    page, channels = load()
    for _ in range(4):
        last = page
        channels.close()
        page, channels = load()
    assert len(kernels()) == 7
    deadline = time.monotonic() + 60
    while len(kernels()) > 4 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert kernels() == {lesson, open_page, last, page}
    assert answer(stays, "a + 1") == answer(channels, "a + 1") == "2"


def test_an_address_that_is_no_templates_is_not_found(server):
    found = ask(server, "voila/templates/base/static/voila.js")
    assert found.status_code == 200 and len(found.content) > 1000
    ways = ["..%2f..", "..%2f..%2f..%2fetc/passwd", "%2e%2e/x/y", "", "lab", "lab/static/", "lab/other/x.js"]
    ways += ["lab/static/..%2f..%2findex.html.j2", "nothing/static/x.js", "base/static/%00", f"lab/static/{300 * 'a'}"]
    for path in ways:
        request = requests.Request("GET", f"http://{server.address}/voila/templates/").prepare()
        request.url += path  # as it is written
        assert requests.Session().send(request, timeout=120).status_code in (403, 404), path
    server.sendintr()
    server.expect(pexpect.EOF)
    assert "Traceback" not in server.before
