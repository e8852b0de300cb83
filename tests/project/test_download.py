"""Does scripts/download_model.sh make the committed file from BVLC's, and else leave everything as it is?

A local HTTP server stands in for BVLC's hosts. BVLC's file is made from ours: in the format of 2014, with a training
head.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from caffe.proto import caffe_pb2

from tricknet.paths import ROOT

pytestmark = pytest.mark.long

NAME = "bvlc_googlenet.caffemodel"
KINDS = {"Convolution": "CONVOLUTION", "InnerProduct": "INNER_PRODUCT"}


@pytest.fixture(scope="module")
def official(googlenet):
    """What BVLC's file is like: `layers`, and four axes for each blob."""
    stored = caffe_pb2.NetParameter.FromString(googlenet.weights.read_bytes())
    old = caffe_pb2.NetParameter(name="GoogleNet")
    for layer in (layer for layer in stored.layer if layer.blobs):
        copy = old.layers.add(name=layer.name, type=KINDS[layer.type], blobs=layer.blobs)
        for blob in copy.blobs:
            axes = [1] * (4 - len(blob.shape.dim)) + list(blob.shape.dim)
            blob.ClearField("shape")
            blob.num, blob.channels, blob.height, blob.width = axes
    head = old.layers.add(name="loss1/classifier", type="INNER_PRODUCT").blobs.add(num=1, channels=1, height=1, width=2)
    head.data[:] = [1, 2]
    return old.SerializeToString()


@pytest.fixture(scope="module")
def hosts(official):
    """The address of a server: /right and /wrong deliver a file, /silent never answers, /stalls stops halfway."""
    end, half = threading.Event(), len(official) // 2
    parts = {"/right": [official], "/wrong": [b"?" * len(official)], "/stalls": [official[:half], official[half:]]}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path not in parts:
                end.wait(60)
            self.send_response(200)
            self.send_header("Content-Length", str(len(official)))
            self.end_headers()
            with suppress(OSError):
                for part in parts.get(self.path, []):
                    self.wfile.write(part)
                    end.wait(60 if len(part) == half else 0)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        end.set()
        server.shutdown()


@pytest.fixture
def models(tmp_path):
    """A models folder, in a path with a space, in which only GoogLeNet's and SqueezeNet's files are expected."""
    folder = tmp_path / "my models"
    for network in ("googlenet", "squeezenet"):
        shutil.copytree(ROOT / "models" / network, folder / network)
    sums = (ROOT / "models" / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in sums if re.search(r" (googlenet|squeezenet)/", line)))
    return folder


def start(models, official, *urls, options=()):
    """The script, running, with these hosts in place of BVLC's, which it gives one second each."""
    settings = f"d.MODELS, d.URLS, d.PATIENCE = Path({str(models)!r}), {urls!r}, 1"
    settings += f"; d.OFFICIAL = {hashlib.sha256(official).hexdigest()!r}"
    code = f"import sys; from pathlib import Path; import download_model as d; {settings}; sys.exit(d.main())"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts"), "GLOG_minloglevel": "2"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen([sys.executable, "-c", code, *options], env=environment, **pipes)


def run(*arguments, **options):
    said, _ = (process := start(*arguments, **options)).communicate(timeout=120)
    assert "Traceback" not in said
    return process.returncode, said


def there(models):
    return {path.name for path in (models / "googlenet").iterdir()} - {"README.md", "deploy.prototxt"}


def test_what_is_right_asks_no_host_and_another_network_s_file_comes_back_by_git(models, official):
    assert run(models, official) == (0, "")
    (models / "squeezenet" / "squeezenet_v1.1.caffemodel").unlink()
    status, said = run(models, official)
    assert status == 1 and said.count("\n") == 1
    assert "git checkout -- models/squeezenet/squeezenet_v1.1.caffemodel" in said


@pytest.mark.parametrize("options", [(), ("--official",)])
def test_our_file_is_made_from_the_official_one_to_the_byte(models, official, hosts, options):
    if not [*(ROOT / "caffe-cpu" / "source").glob("*.tar.gz")]:
        pytest.skip("Caffe's source is not here, as in the image: caffe-cpu/build.sh fetches it")
    file = models / "googlenet" / NAME
    whole = file.read_bytes()
    if not options:
        file.write_bytes(whole[: len(whole) // 2])
    urls = ["http://127.0.0.1:9/", *(f"{hosts}/{kind}" for kind in ("silent", "wrong", "right"))]
    status, said = run(models, official, *urls, options=options)
    assert status == 0 and said.count("58 ") == 2
    assert file.read_bytes() == whole and there(models) == {NAME}


def test_a_file_that_no_host_delivers_gets_a_sentence(models, official, hosts):
    """Where a pointer of Git LFS is in its place, as a clone may have it."""
    file = models / "googlenet" / NAME
    file.write_text("version https://git-lfs.github.com/spec/v1\n")
    status, said = run(models, official, f"{hosts}/wrong", f"{hosts}/stalls")
    assert status == 1 and "git checkout -- models/googlenet" in said.splitlines()[-1]
    assert there(models) == {NAME} and file.read_text().startswith("version")


def test_ctrl_c_leaves_everything_as_it_was(models, official, hosts):
    whole = (file := models / "googlenet" / NAME).read_bytes()
    process = start(models, official, f"{hosts}/silent", *[f"{hosts}/stalls"] * 9, options=("--official",))
    assert f"{hosts}/silent" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in said
    assert there(models) == {NAME} and file.read_bytes() == whole
