"""The Jupyter server as readers start it: one address, kernels that answer, and one Ctrl-C that ends it."""

import json
import os
import re
import sys
import tempfile
import urllib.request
from pathlib import Path

import pexpect
import pytest
import websocket

from tricknet.paths import ROOT

CONFIGURATIONS = {"natively": [ROOT / "scripts"], "in the image": [ROOT / "docker", ROOT / "scripts"]}
if Path(sys.prefix, "etc/jupyter/jupyter_server_config.py").exists():
    del CONFIGURATIONS["natively"]  # this is the image, whose own settings always apply


@pytest.fixture(params=CONFIGURATIONS)
def server(request):
    """In a terminal, with nobody's settings but the project's."""
    home = tempfile.TemporaryDirectory()  # pytest's own have names that are too long for sockets
    paths = ":".join(map(str, CONFIGURATIONS[request.param]))
    env = os.environ | {"HOME": home.name, "JUPYTER_CONFIG_PATH": paths, "PYTHONPATH": str(ROOT), "PORT": "9999"}
    words = ["-m", "jupyterlab", "--allow-root", "--no-browser", "--port=0"]
    process = pexpect.spawn(sys.executable, words, env=env, cwd=home.name, encoding="utf-8", timeout=120)
    process.setwinsize(50, 500)  # no line is broken
    process.where, process.home = request.param, Path(home.name)
    yield process
    process.close(force=True)
    home.cleanup()


def port(folder):
    """Where the server listens, as it notes for other programs."""
    notes = next(folder.rglob("jpserver-*.json"))
    return json.loads(notes.read_text())["port"]


def answer(address, token, code):
    """What a new kernel answers to `code`."""
    request = urllib.request.Request(f"http://{address}/api/kernels?token={token}", method="POST")
    kernel = json.load(urllib.request.urlopen(request))["id"]
    channels = websocket.create_connection(f"ws://{address}/api/kernels/{kernel}/channels?token={token}", timeout=120)
    content = {"code": code, "silent": False}
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    channels.send(json.dumps(message))
    while (came := json.loads(channels.recv()))["msg_type"] != "execute_result":
        pass
    return came["content"]["data"]["text/plain"]


def test_one_address_and_one_ctrl_c(server):
    server.expect("Click this address. Ctrl-C ends it.\r\n")
    (address,) = re.findall(r"\S+://\S+", server.before)
    assert not re.search("warning|file:", server.before, re.IGNORECASE)
    wanted = "127.0.0.1:9999" if server.where == "in the image" else f"localhost:{port(server.home)}"
    token = re.fullmatch(rf"http://{wanted}/lab\S*\?token=([0-9a-f]{{48}})", address)[1]
    assert answer(f"127.0.0.1:{port(server.home)}", token, "6 * 7") == "42"
    server.sendintr()
    server.expect(pexpect.EOF)
    assert "Shutting down" in server.before
    assert not re.search(r"warning|encrypt|y/\[n\]|Traceback", server.before, re.IGNORECASE)
    server.close()
    assert server.exitstatus == 0
