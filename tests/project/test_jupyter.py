"""The Jupyter server as readers start it: one address, kernels that answer, one Ctrl-C."""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pexpect
import pytest
import requests
import websocket

from tricknet.paths import ROOT

CONFIGURATIONS = {"natively": "jupyter_server_config.json", "in the image": "jupyter_server_config.*"}
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
    settings = Path(home, ".jupyter")
    settings.mkdir()
    for file in (ROOT / "docker" / "jupyter").glob(CONFIGURATIONS[where]):
        shutil.copy(file, settings)
    env = os.environ | {"HOME": home, "PYTHONPATH": str(ROOT), "PORT": "9999"}
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
    asked = requests.post(f"http://{server.address}/api/kernels?token={server.token}", timeout=120)
    kernel = asked.json()["id"]
    assert answer(connect(server, kernel), "6 * 7") == "42"
    server.sendintr()
    server.expect(pexpect.EOF)
    assert "Shutting down" in server.before
    assert not re.search(r"warning|encrypt|y/\[n\]|Traceback", server.before, re.IGNORECASE)
    server.close()
    assert server.exitstatus == 0
